/** The state of a project in Python and JavaScript, with programs, targets and data of its own, in the middle of a day's work. */
export const PROJECT = String.raw`
git init -q --template= -b feature/agent/work repo
mkdir -p home/.ssh home/.aws home/.config/interlock
printf 'private\n' > home/.ssh/id_ed25519 && printf '[default]\naws_secret_access_key = x\n' > home/.aws/credentials && printf 'alias ll="ls -l"\n' > home/.bashrc
cd repo
mkdir -p src test tests scripts packages/api data uploads .github/workflows .husky .vscode .claude .git/hooks prisma
printf '/dist/\n/build/\nnode_modules/\n__pycache__/\n.env\n*.db\n*.log\n' > .gitignore
cat > package.json <<'END'
{
  "name": "shop",
  "version": "1.0.0",
  "private": true,
  "workspaces": ["packages/*"],
  "scripts": {
    "dev": "node --watch src/index.js",
    "start": "node src/index.js",
    "build": "node scripts/build.mjs",
    "test": "node --test test",
    "lint": "node scripts/lint.js src",
    "typecheck": "tsc --noEmit",
    "report": "node scripts/report.js",
    "clean": "rm -rf dist build",
    "codegen": "node scripts/codegen.js",
    "reset": "rm -rf uploads",
    "db:reset": "bash scripts/migrate.sh",
    "seed": "node scripts/seed.js",
    "presite": "rm -f notes.md",
    "site": "node scripts/build.mjs",
    "ci": "npm run lint && npm test && npm run build",
    "all": "npm run clean && npm run reset",
    "release": "npm publish",
    "deploy": "wrangler deploy"
  }
}
END
printf '{\n  "name": "shop",\n  "lockfileVersion": 3,\n  "requires": true,\n  "packages": {}\n}\n' > package-lock.json
printf '{ "name": "api", "version": "0.1.0", "scripts": { "purge": "rm -rf ../../uploads", "test": "node -e 0" } }\n' > packages/api/package.json
cat > Makefile <<'END'
PY ?= python3
DIR ?= dist
.PHONY: help test build clean reset deep purge ci deploy
help:
	@echo "make test | build | clean"
test:
	$(PY) -m unittest discover -s tests
build:
	@mkdir -p dist
	node scripts/build.mjs
clean:
	rm -rf dist build
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
reset:
	git checkout -- .
deep: clean
	node scripts/seed.js
purge:
	rm -rf $(DIR)
ci: build test
deploy:
	kubectl apply -f k8s/
END
printf 'wipe:\n\trm -rf uploads notes.md\n' > scripts/extra.mk
cat > justfile <<'END'
set shell := ["bash", "-uc"]
dir := "uploads"

default:
    @just --list

# the tests
test *args:
    python3 -m pytest {{args}}

lint:
    ruff check .
    ruff format --check .

reset:
    rm -rf uploads

purge:
    rm -rf {{dir}}

all: lint reset

ship:
    npm publish
END
cat > Rakefile <<'END'
task default: [:test]

desc "Run the tests"
task :test do
  sh "ruby -Itest test/all.rb"
end

task :wipe do
  rm_rf "uploads"
end

namespace :db do
  task :reset do
    sh "dropdb shop"
  end
end
END
printf 'from invoke import task\n\n@task\ndef test(c):\n    c.run("pytest -q")\n\n@task\ndef reset(c):\n    c.run("rm -rf uploads")\n' > tasks.py
printf 'import nox\n\n@nox.session\ndef tests(session):\n    session.run("pytest")\n\n@nox.session\ndef wipe(session):\n    session.run("rm", "-rf", "uploads", external=True)\n' > noxfile.py
printf '[tox]\nenvlist = py311\n\n[testenv]\ncommands = pytest {posargs}\n\n[testenv:wipe]\nallowlist_externals = rm\ncommands = rm -rf uploads\n' > tox.ini
printf '[project]\nname = "shop"\nversion = "1.0.0"\n' > pyproject.toml
printf '#!/usr/bin/env python\nimport os, sys\n\nif __name__ == "__main__":\n    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")\n    from django.core.management import execute_from_command_line\n    execute_from_command_line(sys.argv)\n' > manage.py
printf 'def total(values):\n    """\n    >>> total([1, 2])\n    3\n    """\n    return sum(values)\n\n\nif __name__ == "__main__":\n    print(total([1, 2, 3]))\n' > src/util.py
printf 'import unittest\n\nclass Total(unittest.TestCase):\n    def test_total(self):\n        self.assertEqual(sum([1, 2]), 3)\n' > tests/test_util.py
printf 'print("app")\n' > src/app.py
printf 'console.log("index");\n' > src/index.js
printf 'module.exports = { add: (a, b) => a + b };\n' > src/lib.js
printf 'const { test } = require("node:test");\nconst assert = require("node:assert");\ntest("adds", () => assert.equal(require("../src/lib.js").add(1, 2), 3));\n' > test/lib.test.js
printf 'exports.version = "0";\n' > src/version.js
printf 'level: info\n' > config.yml && printf '{ "level": "info" }\n' > config.json
printf 'id,name\n1,a\n2,b\n' > data/users.csv
printf 'import { mkdirSync, readFileSync, writeFileSync } from "node:fs";\nmkdirSync("dist", { recursive: true });\nwriteFileSync("dist/app.js", readFileSync("src/index.js", "utf8"));\n' > scripts/build.mjs
printf 'const fs = require("fs");\nfor (const name of fs.readdirSync(process.argv[2])) console.log("ok", name);\n' > scripts/lint.js
printf 'const fs = require("node:fs");\nconst version = require("../package.json").version;\nfs.writeFileSync("src/version.js", "exports.version = " + JSON.stringify(version) + ";\\n");\n' > scripts/codegen.js
printf 'const fs = require("fs");\nfs.writeFileSync("notes.md", "seeded\\n");\n' > scripts/seed.js
printf 'import { rmSync } from "node:fs";\nrmSync("uploads", { recursive: true, force: true });\n' > scripts/wipe.mjs
printf 'const { version } = require("../package.json");\nconsole.log("version", version, process.version);\n' > scripts/report.js
printf 'import shutil\nshutil.rmtree("uploads")\n' > scripts/reset.py
printf 'import csv\nwith open("data/users.csv") as f:\n    rows = list(csv.DictReader(f))\nprint(len(rows), [r["name"] for r in rows])\n' > scripts/report.py
printf '#!/usr/bin/env bash\nset -euo pipefail\nsqlite3 data/app.db "DROP TABLE users"\n' > scripts/migrate.sh
printf '#!/bin/sh\nmkdir -p dist && cp src/index.js dist/app.js && echo built\n' > scripts/build.sh
printf '#!/usr/bin/perl\nunlink glob "uploads/*";\n' > scripts/cleanup.pl
printf '{ print > "notes.md" }\n' > scripts/split.awk
printf 'DROP TABLE users;\n' > scripts/reset.sql && printf 'SELECT count(*) FROM users;\n' > scripts/count.sql
printf 'require "fileutils"\nFileUtils.rm_rf("uploads")\n' > scripts/wipe.rb
printf 'require "json"\nputs JSON.parse(File.read("package.json"))["name"]\n' > scripts/show.rb
printf 'name: ci\non: push\n' > .github/workflows/ci.yml && printf 'npm test\n' > .husky/pre-commit && printf 'repos: []\n' > .pre-commit-config.yaml
printf '{}\n' > .vscode/settings.json && printf '{}\n' > .mcp.json && printf '{}\n' > .claude/settings.json && printf '# Rules\n' > CLAUDE.md && printf '# Rules\n' > AGENTS.md
printf '{}\n' > agent-policy.json && printf 'KEY=\n' > .env.example && printf '# Shop\n' > README.md && printf 'datasource db {}\n' > prisma/schema.prisma
chmod +x scripts/*.sh && git add . && git commit -q -m 'First'
tar cf backup.tar src/app.py && python3 -m zipfile -c backup.zip src/app.py
printf 'print("app")\nprint("mine")\n' > src/app.py && printf 'console.log("mine");\n' > src/index.js
printf 'level: mine\n' > config.yml && printf '{ "level": "mine" }\n' > config.json
printf 'my notes\n' > notes.md && printf 'print("scratch")\n' > scratch.py && printf 'a\n' > uploads/a.png && printf 'b\n' > uploads/b.png
printf 'TOKEN=1\n' > .env && sqlite3 data/app.db 'create table users (id integer, name text); insert into users values (1, "a"), (2, "b");'
sqlite3 backup.db 'create table other (id integer);'
mkdir -p dist build node_modules/x src/__pycache__ && printf 'built\n' > dist/app.js && printf 'built\n' > build/out.js
printf 'x\n' > node_modules/x/index.js && printf 'cache\n' > src/__pycache__/util.pyc && printf 'log\n' > app.log
`;
