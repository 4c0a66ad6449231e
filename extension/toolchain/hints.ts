import * as l10n from "@vscode/l10n";
import { basename } from "node:path";
import type { Evidence, Language } from "./evidence.ts";
import type { Hint } from "./row.ts";

/** What a person could do about a project's owner so that its commands would be routed; null where all is well. */
export function ownerHint(evidence: Evidence, language: Language): Hint | null {
  const { owner } = evidence[language];
  switch (owner.state) {
    case "ambiguous":
      return {
        code: "toolchain.owner.ambiguous",
        message: l10n.t(
          "{0} prove different package managers: remove what is left over.",
          owner.proofs.map((proof) => proof.what).join(", "),
        ),
      };
    case "unowned":
      return unowned(evidence, language);
    case "owned":
      return lockHint(evidence, language);
    case "absent":
    default:
      return null;
  }
}

/** The hint for a project whose owner's program is not on this machine. */
export function missingRunner(name: "uv" | "bun"): Hint {
  return {
    code: "toolchain.runner.missing",
    message: l10n.t(
      "This project belongs to {0}, which was not found on this machine: “Interlock: Get Missing Tools…” can bring it.",
      name,
    ),
  };
}

function lockHint({ python, javascript }: Evidence, language: Language): Hint | null {
  const { owner } = language === "python" ? python : javascript;
  if (owner.state !== "owned") return null;
  if (owner.manager === "uv" && owner.proof.what !== "uv.lock") {
    return {
      code: "toolchain.lock.missing",
      message: l10n.t("pyproject.toml names uv, but there is no uv.lock yet."),
      command: "uv lock",
    };
  }
  // Without a lock, `bun install --frozen-lockfile` installs what is newest, writes nothing and succeeds: it would
  // lie. So nothing is routed to it before there is one.
  if (owner.manager === "bun" && javascript.lock === null) {
    return {
      code: "toolchain.lock.missing",
      message: l10n.t("package.json names bun, but there is no bun.lock yet."),
      command: "bun install",
    };
  }
  return null;
}

function unowned(evidence: Evidence, language: Language): Hint | null {
  if (language === "javascript") {
    return {
      code: "toolchain.owner.none",
      message: l10n.t("Nothing proves which package manager this project uses. Lock with bun?"),
      command: "bun install",
    };
  }
  const { manifest } = evidence.python;
  if (manifest === null || manifest.broken !== null || manifest.name === null) return null;
  return {
    code: "toolchain.owner.none",
    message: l10n.t("Nothing proves how {0} is managed. Lock with uv?", basename(manifest.path)),
    command: "uv lock",
  };
}
