import { createRouter, createWebHistory, type Router } from 'vue-router'
import { administers } from './admin/administers'
import type { Permission } from './api/types'
import AppFrame from './frame/AppFrame.vue'
import LoginScreen from './login/LoginScreen.vue'
import { useSession } from './stores/session'
import { mayLeave } from './ui/unsaved'
import WorkScreen from './work/WorkScreen.vue'

declare module 'vue-router' {
  interface RouteMeta {
    title?: string
    needs?: readonly Permission[]
  }
}

export function makeRouter(): Router {
  const router = createRouter({
    history: createWebHistory(),
    routes: [
      { path: '/login', name: 'login', component: LoginScreen, meta: { title: 'Sign in' } },
      {
        path: '/',
        component: AppFrame,
        children: [
          { path: '', redirect: '/work' },
          { path: 'work/:ticket(\\d+)?', name: 'work', component: WorkScreen, meta: { title: 'Work' } },
          {
            path: 'tickets',
            name: 'tickets',
            component: () => import('./tickets/TicketsScreen.vue'),
            meta: { title: 'Tickets' },
          },
          {
            path: 'customers',
            name: 'customers',
            component: () => import('./customer/CustomersScreen.vue'),
            meta: { title: 'Customers', needs: ['customer.read'] },
          },
          {
            path: 'follow-ups',
            name: 'follow-ups',
            component: () => import('./followup/FollowUpsScreen.vue'),
            meta: { title: 'Follow-ups', needs: ['followup.promise'] },
          },
          {
            path: 'approvals',
            name: 'approvals',
            component: () => import('./account/ApprovalsScreen.vue'),
            meta: { title: 'Approvals', needs: ['action.request'] },
          },
          {
            path: 'customers/:id(\\d+)',
            name: 'customer',
            component: () => import('./customer/CustomerScreen.vue'),
            meta: { title: 'Customer' },
          },
          {
            path: 'queues',
            name: 'queues',
            component: () => import('./queues/QueuesScreen.vue'),
            meta: { title: 'Queues', needs: ['team.watch'] },
          },
          {
            path: 'agents',
            name: 'agents',
            component: () => import('./agents/AgentsScreen.vue'),
            meta: { title: 'Agents', needs: ['team.watch'] },
          },
          {
            path: 'wallboard',
            name: 'wallboard',
            component: () => import('./queues/WallboardScreen.vue'),
            meta: { title: 'Wallboard', needs: ['team.watch'] },
          },
          {
            path: 'what-if',
            name: 'what-if',
            component: () => import('./simulation/SimulationScreen.vue'),
            meta: { title: 'What if', needs: ['routing.simulate'] },
          },
          {
            path: 'quarantine',
            name: 'quarantine',
            component: () => import('./quarantine/QuarantineScreen.vue'),
            meta: { title: 'Quarantine', needs: ['quarantine.read'] },
          },
          { path: 'me', name: 'me', component: () => import('./me/MeScreen.vue'), meta: { title: 'Me' } },
          {
            path: 'admin/:noun?/:id?',
            name: 'admin',
            component: () => import('./admin/AdminScreen.vue'),
            meta: { title: 'Administration', needs: administers },
          },
          { path: ':rest(.*)*', name: 'nowhere', component: () => import('./frame/NowhereScreen.vue') },
        ],
      },
    ],
  })

  router.beforeEach(async (to, from) => {
    const session = useSession()
    if (!session.asked) await session.load()
    const mustChange = session.user?.must_change_password
    if (to.name === 'login') return session.user && !mustChange ? '/work' : true
    if (mustChange) return { name: 'login', query: to.fullPath === '/work' ? {} : { back: to.fullPath } }
    if (!session.user) return { name: 'login', query: to.fullPath === '/work' ? {} : { back: to.fullPath } }
    if (to.meta.needs && !to.meta.needs.some((one) => session.may(one))) return '/work'
    return to.path === from.path || mayLeave()
  })
  return router
}
