// Its own, though empty: vitest looks for one in the folders above, too, and would take that of siptwin's own tests when this runs there.

import { defineConfig } from 'vitest/config'

// biome-ignore lint/style/noDefaultExport: vitest reads its configuration from the default export
export default defineConfig({})
