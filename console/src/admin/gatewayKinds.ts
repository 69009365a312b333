import { ref } from 'vue'
import type { GatewayKind } from '@/api/types'

/** What gateways there can be, as the server says. */
export const gatewayKinds = ref<GatewayKind[]>([])

export function kindOf(values: Record<string, unknown>): GatewayKind | undefined {
  return gatewayKinds.value.find(({ name }) => name === values['kind'])
}
