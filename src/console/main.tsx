import "./styles/layers.css"
import "@mantine/core/styles.layer.css"
import "@mantine/notifications/styles.layer.css"
import "../ui/tokens.css"
import "./styles/base.css"
import "./styles/frame.css"
import "./styles/parts.css"
import "./styles/list.css"
import "./styles/instruments.css"
import "./styles/timeline.css"
import "./styles/editors.css"
import { MantineProvider } from "@mantine/core"
import { Notifications } from "@mantine/notifications"
import { QueryClientProvider } from "@tanstack/react-query"
import { StrictMode } from "react"
import { createRoot } from "react-dom/client"
import { BrowserRouter } from "react-router"
import { App } from "./app.tsx"
import { LocaleProvider } from "./locale.tsx"
import { queries } from "./queries.ts"
import { followScheme, theme, variables } from "./theme.ts"

followScheme()

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <MantineProvider theme={theme} cssVariablesResolver={variables} defaultColorScheme="auto">
      <QueryClientProvider client={queries}>
        <LocaleProvider>
          <Notifications position="top-right" autoClose={5000} />
          <BrowserRouter basename="/console">
            <App />
          </BrowserRouter>
        </LocaleProvider>
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
)
