/**
 * What a child process may see of the host's environment. An allow-list: the editor's control variables
 * (`VSCODE_*`, `CODE_SERVER_*`, `ELECTRON_*`, `NODE_OPTIONS`, `GIT_ASKPASS`) and secrets never pass by accident.
 */
const NAMES = new Set([
  // Who and where.
  "PATH",
  "HOME",
  "USER",
  "LOGNAME",
  "SHELL",
  "HOSTNAME",
  "TMPDIR",
  "TMP",
  "TEMP",
  "PWD",
  // Language, time, terminal.
  "LANG",
  "LANGUAGE",
  "TZ",
  "TERM",
  "COLORTERM",
  "NO_COLOR",
  "FORCE_COLOR",
  "CI",
  // Desktop and keys: agents open browsers to sign in, git signs and fetches by ssh.
  "DISPLAY",
  "WAYLAND_DISPLAY",
  "DBUS_SESSION_BUS_ADDRESS",
  "SSH_AUTH_SOCK",
  "GPG_TTY",
  "GNUPGHOME",
  // Certificates and proxies: without them nothing installs behind a company's gateway.
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
  "NODE_EXTRA_CA_CERTS",
  "REQUESTS_CA_BUNDLE",
  "CURL_CA_BUNDLE",
  "PIP_CERT",
  "GIT_SSL_CAINFO",
  "GIT_SSL_CAPATH",
  "CARGO_HTTP_CAINFO",
  "AWS_CA_BUNDLE",
  "DENO_CERT",
  "HTTP_PROXY",
  "HTTPS_PROXY",
  "ALL_PROXY",
  "NO_PROXY",
  "http_proxy",
  "https_proxy",
  "all_proxy",
  "no_proxy",
  // Toolchains and version managers.
  "VIRTUAL_ENV",
  "CONDA_PREFIX",
  "CONDA_DEFAULT_ENV",
  "PYENV_ROOT",
  "PYENV_VERSION",
  "PYTHONDONTWRITEBYTECODE",
  "PYTHONUNBUFFERED",
  "PYTHONPYCACHEPREFIX",
  "PYTHONUTF8",
  "PYTHONIOENCODING",
  "POETRY_HOME",
  "PIPX_HOME",
  "PIPX_BIN_DIR",
  "NVM_DIR",
  "NVM_BIN",
  "FNM_DIR",
  "FNM_MULTISHELL_PATH",
  "VOLTA_HOME",
  "ASDF_DIR",
  "ASDF_DATA_DIR",
  "MISE_DATA_DIR",
  "N_PREFIX",
  "COREPACK_HOME",
  "PNPM_HOME",
  "BUN_INSTALL",
  "BUN_INSTALL_CACHE_DIR",
  "DENO_DIR",
  "DENO_INSTALL",
  "GOPATH",
  "GOROOT",
  "GOPROXY",
  "GOFLAGS",
  "GOMODCACHE",
  "GOCACHE",
  "CARGO_HOME",
  "RUSTUP_HOME",
  "RUSTUP_TOOLCHAIN",
  "JAVA_HOME",
  "GRADLE_USER_HOME",
  "MAVEN_OPTS",
  "M2_HOME",
  "SDKMAN_DIR",
  "ANDROID_HOME",
  "ANDROID_SDK_ROOT",
  "DOTNET_ROOT",
  "GEM_HOME",
  "GEM_PATH",
  "RBENV_ROOT",
  "NIX_PATH",
  "NIX_PROFILES",
  "NIX_SSL_CERT_FILE",
  "HOMEBREW_PREFIX",
  "HOMEBREW_CELLAR",
  "HOMEBREW_REPOSITORY",
  "PKG_CONFIG_PATH",
  "LD_LIBRARY_PATH",
  "DYLD_LIBRARY_PATH",
  "MANPATH",
  "EDITOR",
  "VISUAL",
  "PAGER",
  "LESS",
  "WSL_DISTRO_NAME",
  "WSL_INTEROP",
  "WSLENV",
  // Windows.
  "SYSTEMROOT",
  "SYSTEMDRIVE",
  "WINDIR",
  "COMSPEC",
  "PATHEXT",
  "APPDATA",
  "LOCALAPPDATA",
  "USERPROFILE",
  "USERNAME",
  "USERDOMAIN",
  "HOMEDRIVE",
  "HOMEPATH",
  "PROGRAMDATA",
  "PROGRAMFILES",
  "PROGRAMFILES(X86)",
  "PROGRAMW6432",
  "COMMONPROGRAMFILES",
  "PUBLIC",
  "OS",
  "PROCESSOR_ARCHITECTURE",
  "NUMBER_OF_PROCESSORS",
  "COMPUTERNAME",
]);

const PREFIXES = ["LC_", "XDG_", "UV_", "PIP_", "RUFF_", "TY_"];

/** Inside an allowed prefix, what carries a password or a token stays behind. */
const SECRET = /TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIAL|API_?KEY|PRIVATE|AUTH(?!_SOCK)/i;
/** Index addresses of Python tools can hold a user name and a password; one value can list several. */
const HAS_CREDENTIALS = /:\/\/[^/@\s]+@/;

/** True when a variable of the host may be handed to a child. */
function passes(name: string, value: string): boolean {
  const known = NAMES.has(name) || NAMES.has(name.toUpperCase());
  const prefixed = PREFIXES.some((prefix) => name.startsWith(prefix)) && !SECRET.test(name);
  if (!known && !prefixed) return false;
  return known || !HAS_CREDENTIALS.test(value);
}

/**
 * The environment of a child: what the list lets through, and then `extra`, as it is. A null in `extra`
 * takes a variable away.
 */
export function childEnvironment(
  host: NodeJS.ProcessEnv,
  extra: Readonly<Record<string, string | null>> = {},
): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(host)) {
    if (value !== undefined && passes(name, value)) environment[name] = value;
  }
  return withVariables(environment, extra);
}

/** An environment with some variables set, and those that are null taken away. */
export function withVariables(
  environment: Readonly<Record<string, string>>,
  extra: Readonly<Record<string, string | null>>,
): Record<string, string> {
  const changed = { ...environment };
  for (const [name, value] of Object.entries(extra)) {
    if (value === null) delete changed[name];
    else changed[name] = value;
  }
  return changed;
}
