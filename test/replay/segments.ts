import type { Learner } from "./figures.ts"

/** A segment in the product's language beside the same in plain words about one learner's days. */
export type Question = { name: string; definition: unknown; holds(learner: Learner, day: number): boolean }

const submitted = (more: object = {}) => ({ event: "assignment.submitted", ...more })
const withdrawn = { event: "course.withdrawn" }
const scored = (is: object) => [{ property: "score", is }]

const by = <T extends { day: number }>(list: T[], day: number): T[] => list.filter((one) => one.day <= day)
/** On the last `days` days up to `day`, as it is asked at noon. */
const last = <T extends { day: number }>(list: T[], day: number, days: number): T[] =>
  by(list, day).filter((one) => one.day > day - days)
const lastDay = (list: number[], day: number) => Math.max(...list.filter((one) => one <= day))
const beforeLeaving = (learner: Learner, day: number) =>
  by(learner.submitted, day).filter((one) => one.day <= lastDay(learner.withdrawn, day))
const sum = (list: (number | undefined)[]) => list.reduce<number>((total, one) => total + (one ?? 0), 0)

const nothingSaid = { day: Number.NEGATIVE_INFINITY, region: "", ageBand: "" }

export const questions: Question[] = [
  {
    name: "submitted nothing for 30 days",
    definition: { fact: "event.exists", with: submitted({ within: "P30D" }), is: { eq: false } },
    holds: (learner, day) => last(learner.submitted, day, 30).length === 0,
  },
  {
    name: "enrolled, not gone, and submitted nothing for 30 days",
    definition: {
      all: [
        { fact: "event.exists", with: { event: "course.registered" }, is: { eq: true } },
        { not: { fact: "event.exists", with: withdrawn, is: { eq: true } } },
        { not: { fact: "event.count", with: submitted({ within: "P30D" }), is: { gte: 1 } } },
      ],
    },
    holds: (learner, day) =>
      learner.registered.some((one) => one <= day) &&
      !learner.withdrawn.some((one) => one <= day) &&
      last(learner.submitted, day, 30).length === 0,
  },
  {
    name: "submitted once, but not for 30 days",
    definition: { fact: "event.last_days", with: submitted(), is: { gte: 30 } },
    holds: (learner, day) => {
      const days = by(learner.submitted, day).map((one) => one.day)
      return days.length > 0 && day - Math.max(...days) >= 30
    },
  },
  {
    name: "three submissions with 80 points or more within 60 days",
    definition: {
      fact: "event.count",
      with: submitted({ within: "P60D", where: scored({ gte: 80 }) }),
      is: { gte: 3 },
    },
    holds: (learner, day) => last(learner.submitted, day, 60).filter((one) => (one.score ?? 0) >= 80).length >= 3,
  },
  {
    name: "withdrew after at least one submission",
    definition: { fact: "event.count", with: submitted({ before: withdrawn }), is: { gte: 1 } },
    holds: (learner, day) => beforeLeaving(learner, day).length >= 1,
  },
  {
    name: "withdrew without having submitted anything",
    definition: {
      all: [
        { fact: "event.exists", with: withdrawn, is: { eq: true } },
        { fact: "event.count", with: submitted({ before: withdrawn }), is: { eq: 0 } },
      ],
    },
    holds: (learner, day) => learner.withdrawn.some((one) => one <= day) && beforeLeaving(learner, day).length === 0,
  },
  {
    name: "withdrew within 90 days, after two or more poor submissions",
    definition: {
      all: [
        { fact: "event.exists", with: { ...withdrawn, within: "P90D" }, is: { eq: true } },
        { fact: "event.count", with: submitted({ where: scored({ lt: 40 }), before: withdrawn }), is: { gte: 2 } },
      ],
    },
    holds: (learner, day) =>
      learner.withdrawn.some((one) => one <= day && one > day - 90) &&
      beforeLeaving(learner, day).filter((one) => one.score !== undefined && one.score < 40).length >= 2,
  },
  {
    name: "500 points or more within 90 days",
    definition: { fact: "event.sum", with: submitted({ property: "score", within: "P90D" }), is: { gte: 500 } },
    holds: (learner, day) => sum(last(learner.submitted, day, 90).map((one) => one.score)) >= 500,
  },
  {
    name: "a submission without a score",
    definition: { fact: "event.exists", with: submitted({ where: scored({ exists: false }) }), is: { eq: true } },
    holds: (learner, day) => by(learner.submitted, day).some((one) => one.score === undefined),
  },
  {
    name: "carried something over, and has submitted course FFF or DDD",
    definition: {
      all: [
        {
          fact: "event.exists",
          with: submitted({ where: [{ property: "carriedOver", is: { eq: true } }] }),
          is: { eq: true },
        },
        {
          fact: "event.exists",
          with: submitted({ where: [{ property: "course", is: { in: ["FFF", "DDD"] } }] }),
          is: { eq: true },
        },
      ],
    },
    holds: (learner, day) => {
      const done = by(learner.submitted, day)
      return done.some((one) => one.carriedOver) && done.some((one) => ["FFF", "DDD"].includes(one.course))
    },
  },
  {
    name: "20 clicks or more in the first two weeks of October 2013",
    definition: {
      fact: "event.sum",
      with: { event: "material.viewed", property: "clicks", since: "2013-10-01", until: "2013-10-14" },
      is: { gte: 20 },
    },
    holds: (learner, day) => {
      const [from, until] = [15_979, 15_992]
      return (
        sum(
          by(learner.viewed, day)
            .filter((one) => one.day >= from && one.day <= until)
            .map((one) => one.clicks),
        ) >= 20
      )
    },
  },
  {
    name: "from Wales or Ireland, 35 or older by then, and registered twice",
    definition: {
      all: [
        { fact: "property", with: { name: "region" }, is: { in: ["Wales", "Ireland"] } },
        { not: { fact: "property", with: { name: "ageBand" }, is: { eq: "0-35" } } },
        { fact: "event.count", with: { event: "course.registered" }, is: { gte: 2 } },
      ],
    },
    holds: (learner, day) => {
      const latest = by(learner.said, day).reduce((best, one) => (one.day >= best.day ? one : best), nothingSaid)
      return (
        ["Wales", "Ireland"].includes(latest.region) &&
        latest.ageBand !== "0-35" &&
        learner.registered.filter((one) => one <= day).length >= 2
      )
    },
  },
  {
    name: "35 to 55 by then, first registered more than 300 days ago",
    definition: {
      all: [
        { fact: "property", with: { name: "ageBand" }, is: { eq: "35-55" } },
        { fact: "event.first_days", with: { event: "course.registered" }, is: { gt: 300 } },
      ],
    },
    holds: (learner, day) => {
      const latest = by(learner.said, day).reduce((best, one) => (one.day >= best.day ? one : best), nothingSaid)
      const registered = learner.registered.filter((one) => one <= day)
      return latest.ageBand === "35-55" && registered.length > 0 && day - Math.min(...registered) > 300
    },
  },
]
