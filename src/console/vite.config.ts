import { fileURLToPath } from "node:url"
import react from "@vitejs/plugin-react"
import { defineConfig } from "vite"

// The API the development server talks to; a built console is served by the same process as its API.
const api = { target: "http://127.0.0.1:3000" }

export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  base: "/console/",
  plugins: [react()],
  server: { proxy: { "/api": api, "/assets": api, "/media": api } },
  build: {
    outDir: "../../dist/console",
    emptyOutDir: true,
    sourcemap: false,
    target: "es2022",
    chunkSizeWarningLimit: 700,
  },
})
