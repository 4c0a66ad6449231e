import assert from "node:assert/strict";
import { test } from "node:test";
import { judged } from "./support/judged.ts";

/** Variables from which programs take options, code, other programs, or where they work. */
const STEERING = `
  PATH LD_PRELOAD LD_LIBRARY_PATH LD_AUDIT DYLD_INSERT_LIBRARIES BASH_ENV ENV PS4 SHELLOPTS PROMPT_COMMAND HOME ZDOTDIR
  EDITOR VISUAL PAGER MANPAGER BROWSER LESS LESSOPEN LESSCLOSE SUDO_ASKPASS SSH_ASKPASS XDG_CONFIG_HOME GIT_SSH_COMMAND
  GIT_EXTERNAL_DIFF GIT_CONFIG_COUNT SVN_SSH HGRCPATH HG CVS_RSH PARALLEL PARALLEL_HOME PARALLEL_ENV PARALLEL_SSH
  GREP_OPTIONS TAR_OPTIONS TAPE GZIP XZ_OPT XZ_DEFAULTS BZIP2 ZIP ZIPOPT UNZIP UNZIPOPT RSYNC_RSH RSYNC_CONNECT_PROG
  RIPGREP_CONFIG_PATH ACKRC ACK_OPTIONS BAT_CONFIG_PATH BAT_PAGER FZF_DEFAULT_COMMAND FZF_DEFAULT_OPTS_FILE AWKPATH
  MAKEFLAGS GNUMAKEFLAGS MAKEFILES MAKE JUST_JUSTFILE JUST_SHELL CC CFLAGS LDFLAGS CMAKE_TOOLCHAIN_FILE PKG_CONFIG
  CCACHE_PREFIX GCC_EXEC_PREFIX AUTOCONF M4 CONFIG_SHELL RUSTC_WRAPPER CARGO_HOME GOFLAGS GOENV PERL5OPT PERL5LIB RUBYOPT
  RUBYLIB GEM_HOME BUNDLE_GEMFILE RAKEOPT NODE_OPTIONS NODE_PATH npm_config_script_shell PNPM_CONFIG_SCRIPT_SHELL
  BUN_CONFIG_REGISTRY YARN_YARN_PATH COREPACK_NPM_REGISTRY PYTHONPATH PYTHONSTARTUP PYTHONHOME PIP_INDEX_URL UV_INDEX_URL
  PYTEST_ADDOPTS LUA_INIT JULIA_LOAD_PATH R_PROFILE ERL_FLAGS GUILE_LOAD_PATH JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS
  MAVEN_OPTS GRADLE_OPTS ANT_ARGS CLASSPATH DOTNET_STARTUP_HOOKS COMPOSER PHPRC PHP_INI_SCAN_DIR PSQLRC PGSERVICEFILE
  PGSYSCONFDIR MYSQL_HOME KUBECONFIG KUBE_EDITOR KUBECTL_EXTERNAL_DIFF HELM_PLUGINS AWS_CONFIG_FILE
  AWS_SHARED_CREDENTIALS_FILE AWS_ENDPOINT_URL CLOUDSDK_PYTHON AZURE_CONFIG_DIR ANSIBLE_CONFIG TF_CLI_ARGS DOCKER_HOST
  DOCKER_CONTEXT CONTAINER_HOST GH_PATH GH_CONFIG_DIR CURL_HOME WGETRC NETRC http_proxy OPENSSL_CONF APT_CONFIG DIRENV_BASH
  MISE_CONFIG_FILE VALGRIND_OPTS SCREENRC
`
  .trim()
  .split(/\s+/);

test("a variable that programs take options or code from asks, however it is set", () => {
  const lines = STEERING.flatMap((name) => [
    `export ${name}='-I ./x'; ls`,
    `${name}='-I ./x' ls`,
    `${name}='-I ./x' npm test`,
    `env ${name}='-I ./x' ls`,
  ]);
  assert.deepEqual(
    lines.filter((line) => judged(line).verdict === "allow"),
    [],
  );
});

test("the options of a wrapper can't come from the environment unasked", () => {
  assert.equal(judged("export PARALLEL='-I ls'; parallel ls -rf src ::: rm").rule, "unclear.environment");
  assert.equal(judged("PARALLEL='-I ls' parallel ls -rf src ::: rm").rule, "unclear.environment");
});

test("how far to compress, and a service of this machine, are nobody's concern", () => {
  for (const line of [
    "export GZIP=-9; ls",
    "export XZ_OPT='-9e -T0'; ls",
    "export AWS_ENDPOINT_URL=http://localhost:4566; npm test",
  ])
    assert.equal(judged(line).verdict, "allow", line);
});
