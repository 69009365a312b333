import { createPinia } from 'pinia'
import { createApp } from 'vue'
import { whenSignedOut } from './api/client'
import App from './App.vue'
import { installFileDrop } from './composer/drop'
import { installKeys } from './keys/dispatch'
import { startClock } from './live/clock'
import { makeRouter } from './router'
import { useSession } from './stores/session'
import { restoreTheme } from './style/theme'
import './style/main.css'

restoreTheme()
startClock()
installKeys()
installFileDrop()

const app = createApp(App)
app.use(createPinia())
whenSignedOut(() => useSession().signedOut())
app.use(makeRouter())
app.mount('#app')
