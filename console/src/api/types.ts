import type { paths } from './schema'

type Json<R> = R extends { content: { 'application/json': infer T } } ? T : never
type Ok<O> = O extends { responses: infer R }
  ? R extends { 200: infer A }
    ? Json<A>
    : R extends { 201: infer B }
      ? Json<B>
      : never
  : never
type Get<P extends keyof paths> = Ok<paths[P]['get']>
type Item<P extends keyof paths> = Get<P> extends { items: (infer T)[] } ? T : never

export type Session = Get<'/api/v1/session'>
export type User = Session['user']
export type Grant = Session['grants'][number]
export type Permission = Grant['permission']
export type Reach = Grant['reach']
export type OwnSession = Item<'/api/v1/me/sessions'>
export type Work = Get<'/api/v1/me/work'>
export type Presence = Work['presence']
export type Availability = Work['availability']
export type Offer = Work['offers'][number]
export type TicketSummary = Item<'/api/v1/customers/{id}/tickets'>
export type ListedTicket = Item<'/api/v1/tickets'>
export type OwnedTicket = Work['tickets'][number]
export type Ticket = Get<'/api/v1/tickets/{id}'>
export type Visitor = NonNullable<Ticket['visitor']>
export type TicketState = TicketSummary['state']
export type Party = Ticket['reply']['to'][number]
export type TimelinePage = Get<'/api/v1/tickets/{id}/timeline'>
export type Entry = TimelinePage['items'][number]
export type Contact = Get<'/api/v1/contacts/{id}'>
export type Attachment = Contact['attachments'][number]
export type ServerDraft = Item<'/api/v1/tickets/{id}/drafts'>
export type OwnDraft = Item<'/api/v1/me/drafts'>
export type Note = NonNullable<Entry['note']>
export type TicketEvent = NonNullable<Entry['event']>
export type Customer = Get<'/api/v1/customers/{id}'>
export type CustomerMove = Item<'/api/v1/customers/{id}/moves'>
export type PossibleDuplicate = Item<'/api/v1/customers/{id}/duplicates'>
export type Organization = Item<'/api/v1/organizations'>
export type ObjectKind = Item<'/api/v1/object-kinds'>
export type ObjectField = ObjectKind['fields'][number]
export type CustomerObject = Item<'/api/v1/customers/{id}/objects'>
export type UnmaskReason = NonNullable<
  paths['/api/v1/objects/{id}/unmask']['post']['requestBody']
>['content']['application/json']['reason']
export type Queue = Item<'/api/v1/queues'>
export type AbsenceReason = Item<'/api/v1/absence-reasons'>
export type QueueOverview = Item<'/api/v1/queues/overview'>
export type AgentOverview = Item<'/api/v1/agents/overview'>
export type Agent = Item<'/api/v1/agents'>
export type AgentStanding = Item<'/api/v1/tickets/{id}/agents'>
export type RoutingStory = Get<'/api/v1/tickets/{id}/routing'>
type Posted<P extends keyof paths> = Ok<paths[P]['post']>
export type MovePreview = Posted<'/api/v1/customers/{id}/merge/preview'>
export type Callback = NonNullable<Ticket['callback']>
export type CallbackWish = NonNullable<
  paths['/api/v1/tickets/{id}/callback']['post']['requestBody']
>['content']['application/json']
export type FollowUp = Ticket['follow_ups'][number]
export type ListedFollowUp = Item<'/api/v1/follow-ups'>
export type FollowUpWish = NonNullable<
  paths['/api/v1/tickets/{id}/follow-ups']['post']['requestBody']
>['content']['application/json']
export type AccountAction = Item<'/api/v1/tickets/{id}/actions'>
export type ListedAction = Item<'/api/v1/actions'>
export type ActionKind = Item<'/api/v1/action-kinds'>
export type ActionWish = NonNullable<
  paths['/api/v1/tickets/{id}/actions']['post']['requestBody']
>['content']['application/json']
export type Simulation = Posted<'/api/v1/simulations'>
export type Named = { id: number; name: string }
export type Gateway = Item<'/api/v1/gateways'>
export type GatewayKind = Item<'/api/v1/gateway_kinds'>
export type IntakeAnswer = Posted<'/api/v1/gateways/{id}/test'>
export type Disposition = Queue['dispositions'][number]
export type AuditEntry = Item<'/api/v1/audit'>
export type AuditKind = AuditEntry['what']
export type PresenceState = Presence['state']
export type Channel = TicketSummary['channel']
