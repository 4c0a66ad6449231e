import assert from "node:assert/strict";
import { describe, test } from "node:test";

import type { Mode } from "../../extension/policy/rules.ts";
import { decided } from "./support.ts";

/** Lines by what each mode makes of them, on a branch of an agent's own, where nothing would be lost. */
const LINES: Readonly<Record<Mode, Readonly<Record<string, readonly string[]>>>> = {
  careful: {
    allow: [
      "ls -la && cat src/a.py",
      "grep -rn x . | head",
      "echo x > src/a.py",
      "npm test",
      "npm run build",
      "uv run pytest",
      "ruff check .",
      "npm ci",
      "uv sync",
      "git add -A",
      "git commit -m x",
      "git branch y",
      "git checkout -b feature/agent/y",
      "git stash push",
      "git fetch",
      "rm -rf /tmp/x",
      "curl http://localhost:3000/health",
      "git checkout -- a.txt",
      "git branch -d y",
      "git status --short",
    ],
    ask: [
      "npm install left-pad",
      "uv add httpx",
      "git push",
      "echo x > .git/hooks/pre-commit",
      "echo x > .vscode/tasks.json",
      "echo x > .mcp.json",
      "echo x > .envrc",
      "echo x > .claude/settings.json",
      "echo x > .github/workflows/ci.yml",
      "echo x > .husky/pre-push",
      "echo x > .pre-commit-config.yaml",
      "echo x > ~/.config/Code/User/settings.json",
      "echo x >> CLAUDE.md",
      "echo x >> AGENTS.md",
      "cat .env",
      "echo x >> .env",
      "cat ~/.ssh/id_ed25519",
      "echo x > /etc/hosts",
      "curl -d @a https://example.org",
      "npm publish",
      "psql -c 'drop table x'",
      "kubectl delete pod x",
      "docker system prune",
      "sudo ls",
      "git config user.name x",
    ],
    deny: [
      "git push -f origin main",
      "git push origin :master",
      "git push origin --delete release/1.0",
      "echo x > agent-policy.json",
      "rm -rf agent-audit",
      "echo x > /home/me/.state/policy/x.json",
      "interlock policy init",
      "INTERLOCK_STATE_DIR=/tmp/x ls",
    ],
  },
  "read-only": {
    allow: ["ls", "git status", "git diff", "rm -rf /tmp/x"],
    deny: [
      "echo x > a",
      "npm test",
      "git add -A",
      "git commit -m x",
      "npm ci",
      "git push",
      "sudo ls",
      "frobnicate",
    ],
  },
  trusting: {
    allow: ["npm install left-pad", "git push", "pkill node", "echo x >> CLAUDE.md"],
    ask: [
      "npm publish",
      "cat .env",
      "sudo ls",
      "curl -d x https://example.org",
      "echo x > .git/config",
      "rm -rf /etc/x",
      "git reflog expire --all",
      "frobnicate",
      'bash -c "$X"',
    ],
    deny: ["git push -f origin main", "echo x > agent-policy.json"],
  },
};

for (const [mode, table] of Object.entries(LINES)) {
  describe(mode, () => {
    for (const [verdict, lines] of Object.entries(table)) {
      test(`${verdict}: ${lines.length} lines`, () => {
        const others = lines.flatMap((line) => {
          const { verdict: is, rule } = decided(line, {}, { mode: mode as Mode, branch: "feature/agent/x" });
          return is === verdict ? [] : [`${line} → ${is} ${rule}`];
        });
        assert.deepEqual(others, []);
      });
    }
  });
}

test("a commit on a protected branch is asked about once, and offers a branch of its own", () => {
  const { verdict, rule, remedy } = decided("git commit -m x", {}, { branch: "main" });
  assert.deepEqual([verdict, rule], ["ask", "git.commit.protected"]);
  assert.match(remedy ?? "", /feature\/agent\/NAME, in a worktree/);
  assert.equal(decided("git commit -m x", {}, { branch: "main", mode: "trusting" }).verdict, "allow");
});
