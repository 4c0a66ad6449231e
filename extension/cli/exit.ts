/** Exit statuses of `interlock`. Scripts rely on them. */
export const EXIT = {
  /** `check`: the command would be let through. Other commands: it went well. */
  allow: 0,
  /** Something went wrong while it ran, or `run` refused something: by a rule, or for want of a person. */
  failed: 1,
  /** The words of the call are off. */
  usage: 2,
  /** `exec`: the command was not started, since it would not be guarded. As `env` and `timeout` say it. */
  notStarted: 125,
  /** `exec`: the command can't be run, or was not found. As shells say it. */
  notRun: 126,
  notFound: 127,
  /** `check`: a person would be asked. */
  ask: 10,
  /** `check`: the command would be refused. */
  deny: 11,
} as const;
