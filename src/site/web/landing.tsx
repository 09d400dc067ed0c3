import type { Locale } from "../../platform/words.ts"
import {
  Clauses,
  Empty,
  languageOf,
  LinkButton,
  Poster,
  ProgressSteps,
  VideoCard,
  VideoGrid,
  WatchStrip,
} from "../../ui/index.ts"
import type { ShownVideo } from "../shapes.ts"
import { say } from "../words.ts"

/** What a visitor sees at `/`: what the site offers, and the videos that are open to everybody. */
export function Landing({
  siteName,
  free,
  empty = false,
  locale,
}: {
  siteName: string
  free: ShownVideo[]
  /** Nothing is published yet. */
  empty?: boolean
  locale: Locale
}) {
  const t = say(locale)
  const [first, ...others] = free
  return (
    <div className="landing">
      <section className="landing__head">
        <div>
          <p className="hero__eyebrow">{siteName}</p>
          <h1>
            <Clauses text={t("landing.head")} />
          </h1>
          <p className="landing__lead">{t("landing.lead")}</p>
          <p className="actions">
            <LinkButton href="/join" primary children={t("landing.join")} />
            <LinkButton href="/sign-in" children={t("landing.sign-in")} />
          </p>
        </div>
        {first && (
          <div className="landing__try">
            <a href={first.href} tabIndex={-1} aria-hidden>
              <Poster
                seed={first.id}
                picture={first.picture}
                artwork={first.artwork}
                durationSeconds={first.durationSeconds}
                playable
                eager
              />
            </a>
            <p className="landing__try-text">
              <b lang={languageOf(first.title)}>{first.title}</b>
              <a className="link" href={first.href}>
                {t("landing.try")}
              </a>
            </p>
          </div>
        )}
      </section>
      <ul className="landing__points">
        <li>
          <div className="landing__sample" aria-hidden>
            <WatchStrip
              ranges={[
                [0, 322],
                [402, 522],
              ]}
              duration={750}
            />
            <WatchStrip ranges={[[0, 690]]} duration={750} />
            <WatchStrip
              ranges={[
                [0, 180],
                [180, 420],
                [600, 750],
              ]}
              duration={750}
              complete
            />
          </div>
          <h2>{t("landing.strip")}</h2>
          <p>{t("landing.strip-text")}</p>
        </li>
        <li>
          <div className="landing__sample landing__sample--path" aria-hidden>
            <i />
            <i />
            <i />
          </div>
          <h2>{t("landing.next")}</h2>
          <p>{t("landing.next-text")}</p>
        </li>
        <li>
          <div className="landing__sample" aria-hidden>
            <ProgressSteps done={3} needed={5} label="" />
          </div>
          <h2>{t("landing.rank")}</h2>
          <p>{t("landing.rank-text")}</p>
        </li>
      </ul>
      <section>
        {others.length > 0 && (
          <h2 className="home__title">
            {t("landing.free")}
            <a className="link" href="/courses">
              {t("home.next-all")}
            </a>
          </h2>
        )}
        {others.length > 0 ? (
          <VideoGrid>
            {others.map((video) => (
              <VideoCard
                key={video.id}
                seed={video.id}
                picture={video.picture}
                artwork={video.artwork}
                durationSeconds={video.durationSeconds}
                href={video.href}
                title={video.title}
              />
            ))}
          </VideoGrid>
        ) : first ? (
          <LinkButton href="/courses" children={t("home.next-all")} />
        ) : (
          <Empty
            title={t(empty ? "landing.none" : "landing.free-none")}
            action={empty ? undefined : { href: "/courses", label: t("home.next-all") }}
          >
            {t(empty ? "landing.none-text" : "landing.free-none-text")}
          </Empty>
        )}
      </section>
    </div>
  )
}
