/** Names of Python's builtins that reach more than values, and how they could be reached. */
export const REFUSED_NAMES = new Set("setattr delattr globals locals breakpoint memoryview".split(" "));

/** Attributes by which values lead to files, processes, modules or the insides of the interpreter. */
export const REFUSED_ATTRIBUTES = new Set(
  (
    "os sys subprocess shutil builtins modules importlib codecs io pathlib exec_module load_module loader create_module " +
    "eval exec getattr setattr bltns f_globals f_builtins f_locals gi_frame cr_frame ag_frame tb_frame f_back gi_code func_globals " +
    "system popen spawn fork kill rmdir removedirs renames chmod lchmod chown symlink symlink_to hardlink_to link_to " +
    "copyfile copytree rmtree extract extractall dump_stats retrbinary storbinary connect send sendall sendmail " +
    "putenv unsetenv chdir fchdir chroot executescript urlopen urlretrieve request " +
    "subprocess_exec subprocess_shell run_in_executor create_connection create_server copy_into move_into move walk_packages input runcode runsource interact FileType get_type_hints make_dataclass methodcaller attrgetter import_module EntryPoint getmodule backup to_sql getter temp_original unsafe_load"
  ).split(" "),
);

/** Methods of paths that change files. */
export const METHODS = new Set(["unlink", "rmdir", "rename", "write_text", "write_bytes", "touch", "mkdir"]);

/** Modules of the library whose members only compute, read or print. */
export const PLAIN_MODULES = new Set(
  (
    "json re math cmath statistics random time datetime calendar collections collections.abc itertools functools string textwrap " +
    "hashlib hmac base64 binascii zlib struct unicodedata decimal fractions numbers enum dataclasses typing ast pprint csv " +
    "difflib uuid html urllib.parse tomllib configparser copy heapq bisect keyword traceback locale secrets argparse glob fnmatch " +
    "html.parser html.entities email email.message email.policy email.utils email.parser dis shlex platform sysconfig importlib.util token tokenize contextlib warnings colorsys reprlib zoneinfo abc operator array queue graphlib ipaddress gettext errno stat weakref contextvars filecmp linecache mimetypes getpass stringprep urllib.error"
  ).split(" "),
);

/** Modules of which only these members do no more than that. */
export const SOME_OF: Readonly<Record<string, RegExp>> = {
  os: /^(getcwd|listdir|environ|sep|linesep|name|getenv|walk|scandir|stat|lstat|access|cpu_count|getpid|getppid|getuid|uname|curdir|pardir|fspath|get_terminal_size|readlink|[RWXF]_OK|write|close|fdopen|fsync|pipe|dup|isatty|getlogin|getloadavg|sched_getaffinity|urandom|strerror|error|PathLike)$/,
  "os.path":
    /^(join|exists|lexists|isfile|isdir|islink|isabs|basename|dirname|abspath|realpath|relpath|normpath|split|splitext|getsize|getmtime|getctime|expanduser|expandvars|commonpath|commonprefix|samefile|sep)$/,
  sys: /^(argv|version|version_info|path|stdin|stdout|stderr|exit|platform|executable|maxsize|getsizeof|getrecursionlimit|byteorder|prefix|base_prefix|implementation|flags|getdefaultencoding|builtin_module_names|stdlib_module_names|maxunicode|hexversion|getrefcount|setrecursionlimit|set_int_max_str_digits|float_info|int_info|exc_info|intern|orig_argv|warnoptions|getfilesystemencoding|dont_write_bytecode|__stdout__|__stderr__)$/,
  pathlib: /^(Path|PurePath|PosixPath|PurePosixPath)$/,
  shutil: /^(which|disk_usage|get_terminal_size)$/,
  subprocess: /^(PIPE|DEVNULL|STDOUT|CalledProcessError|TimeoutExpired)$/,
  io: /^(StringIO|BytesIO)$/,
  tempfile:
    /^(NamedTemporaryFile|TemporaryFile|TemporaryDirectory|SpooledTemporaryFile|mkdtemp|mkstemp|gettempdir)$/,
  logging:
    /^(getLogger|basicConfig|debug|info|warning|error|critical|exception|log|DEBUG|INFO|WARNING|ERROR|CRITICAL|NOTSET|StreamHandler|NullHandler|Formatter|disable|getLevelName|captureWarnings)$/,
  inspect:
    /^(getsource|getsourcelines|getsourcefile|getfile|signature|getdoc|getmembers|getmro|is[a-z]+|Parameter|Signature|cleandoc)$/,
  socket:
    /^(socket|AF_INET6?|AF_UNSPEC|SOCK_STREAM|SOCK_DGRAM|SOL_SOCKET|SO_REUSEADDR|gethostname|getfqdn|timeout)$/,
  ssl: /^(OPENSSL_VERSION(_INFO|_NUMBER)?|HAS_\w+|get_default_verify_paths)$/,
  sqlite3: /^(connect|Row|sqlite_version|version|PARSE_DECLTYPES)$/,
  "importlib.metadata":
    /^(version|metadata|distributions?|requires|files|packages_distributions|entry_points|PackageNotFoundError)$/,
  py_compile: /^PyCompileError$/,
  compileall: /^compile_(dir|file|path)$/,
  asyncio:
    /^(TimeoutError|CancelledError|QueueFull|QueueEmpty|run|sleep|gather|wait_for|create_task|Queue|Lock|Event|Semaphore|TaskGroup|timeout|as_completed)$/,
  threading: /^(Thread|Lock|RLock|Event|Semaphore|current_thread|active_count|local)$/,
  "concurrent.futures": /^(ThreadPoolExecutor|ProcessPoolExecutor|as_completed|wait)$/,
  "xml.etree.ElementTree": /^(parse|fromstring|tostring|XML|Element|SubElement|iterparse|ParseError)$/,
  "xml.etree": /^$/,
  xml: /^$/,
  concurrent: /^$/,
  importlib: /^$/,
  pickle: /^(dumps|HIGHEST_PROTOCOL|PickleError)$/,
  unittest: /^((IsolatedAsyncio)?TestCase|FunctionTestCase|SkipTest|skip|skipIf|skipUnless|expectedFailure)$/,
  "unittest.mock":
    /^(patch|Mock|MagicMock|AsyncMock|NonCallableMock|ANY|DEFAULT|call|sentinel|mock_open|PropertyMock|create_autospec|seal)$/,
  timeit: /^default_timer$/,
  cProfile: /^Profile$/,
  pstats: /^(Stats|SortKey)$/,
  gzip: /^(compress|decompress|BadGzipFile)$/,
  bz2: /^(compress|decompress)$/,
  lzma: /^(compress|decompress)$/,
  tarfile: /^(is_tarfile|TarError|ReadError)$/,
  zipfile: /^(is_zipfile|BadZipFile|ZIP_DEFLATED|ZIP_STORED)$/,
  site: /^(getsitepackages|getusersitepackages|getuserbase|USER_SITE|USER_BASE|ENABLE_USER_SITE)$/,
  multiprocessing: /^(Pool|Process|Queue|Lock|cpu_count|current_process)$/,
  signal: /^(signal|alarm|strsignal|Signals|SIG\w+)$/,
  gc: /^(collect|get_count|get_stats|enable|disable|isenabled|freeze|[gs]et_threshold)$/,
  tracemalloc: /^(start|stop|is_tracing|get_traced_memory|reset_peak|get_tracemalloc_memory)$/,
  resource: /^(getrusage|getrlimit|RUSAGE_\w+|RLIMIT_\w+)$/,
  types: /^(SimpleNamespace|MappingProxyType|GeneratorType|NoneType|TracebackType|UnionType|GenericAlias)$/,
  http: /^(HTTPStatus|HTTPMethod)$/,
  "http.server": /^((Threading)?HTTPServer|BaseHTTPRequestHandler)$/,
  urllib: /^$/,
  "urllib.request": /^$/,
};

/** Members of the library that act, and on what: the first argument, where it is written out. */
export const EFFECTS: Readonly<Record<string, string>> = {
  "urllib.request.urlopen": "fetch",
  "os.remove": "unlink",
  "os.unlink": "unlink",
  "os.rename": "rename",
  "os.replace": "rename",
  "os.rmdir": "rmdir",
  "os.mkdir": "mkdir",
  "os.makedirs": "mkdir",
  "os.truncate": "truncate",
  "os.system": "system",
  "os.popen": "system",
  "shutil.rmtree": "rmtree",
  "shutil.move": "rename",
  "shutil.copy": "copy",
  "shutil.copy2": "copy",
  "shutil.copyfile": "copy",
  "subprocess.run": "run",
  "subprocess.call": "run",
  "subprocess.check_call": "run",
  "subprocess.check_output": "run",
  "subprocess.Popen": "run",
  "subprocess.getoutput": "system",
  "subprocess.getstatusoutput": "system",
  "timeit.timeit": "times",
  "timeit.repeat": "times",
  "pickle.loads": "unpickles",
  "cProfile.run": "times",
  "py_compile.compile": "compiles",
  "unittest.main": "tests",
  "shutil.copytree": "copytree",
  "gzip.open": "opens",
  "bz2.open": "opens",
  "lzma.open": "opens",
  "tarfile.open": "opens",
  "zipfile.ZipFile": "opens",
};

/** The top names of the standard library: nothing else is known to be harmless, or the project's own. */
export const LIBRARY: ReadonlySet<string> = new Set(
  (
    "abc aifc argparse array ast asynchat asyncio asyncore atexit audioop base64 bdb binascii bisect builtins " +
    "bz2 cProfile calendar cgi cgitb chunk cmath cmd code codecs codeop collections colorsys compileall " +
    "concurrent configparser contextlib contextvars copy copyreg crypt csv ctypes curses dataclasses datetime " +
    "dbm decimal difflib dis distutils doctest email encodings ensurepip enum errno faulthandler fcntl filecmp " +
    "fileinput fnmatch fractions ftplib functools gc genericpath getopt getpass gettext glob graphlib grp gzip " +
    "hashlib heapq hmac html http idlelib imaplib imghdr imp importlib inspect io ipaddress itertools json " +
    "keyword lib2to3 linecache locale logging lzma mailbox mailcap marshal math mimetypes mmap modulefinder " +
    "msilib msvcrt multiprocessing netrc nis nntplib nt ntpath nturl2path numbers opcode operator optparse os " +
    "ossaudiodev pathlib pdb pickle pickletools pipes pkgutil platform plistlib poplib posix posixpath pprint " +
    "profile pstats pty pwd py_compile pyclbr pydoc pydoc_data pyexpat queue quopri random re readline reprlib " +
    "resource rlcompleter runpy sched secrets select selectors shelve shlex shutil signal site smtpd smtplib " +
    "sndhdr socket socketserver spwd sqlite3 sre_compile sre_constants sre_parse ssl stat statistics string " +
    "stringprep struct subprocess sunau symtable sys sysconfig syslog tabnanny tarfile telnetlib tempfile " +
    "termios textwrap threading time timeit tkinter token tokenize tomllib trace traceback tracemalloc tty " +
    "turtle turtledemo types typing unicodedata unittest urllib uu uuid venv warnings wave weakref webbrowser " +
    "winreg winsound wsgiref xdrlib xml xmlrpc zipapp zipfile zipimport zlib zoneinfo this antigravity " +
    "distutils imp asynchat asyncore smtpd"
  ).split(" "),
);

/** A name, and what an import calls it. */
export function splitAs(words: readonly string[]): readonly [string, string?, string?] {
  const at = words.indexOf("as");
  return at < 0 ? [words.join("")] : [words.slice(0, at).join(""), "as", words[at + 1] ?? ""];
}

/** A module of which nothing is known here: none of the library's. */
export function isForeign(module: string): boolean {
  const [top = ""] = module.split(".");
  return !LIBRARY.has(top);
}

/** What a dotted name from the library means. */
export function meaningOf(full: string): "module" | "plain" | "effect" | "unclear" {
  if (Object.hasOwn(EFFECTS, full)) return "effect";
  if (PLAIN_MODULES.has(full) || Object.hasOwn(SOME_OF, full)) return "module";
  const at = full.lastIndexOf(".");
  const [module, member] = [full.slice(0, Math.max(0, at)), full.slice(at + 1)];
  if (SOME_OF[module]?.test(member) === true) return "plain";
  // `datetime.datetime` is a class.
  const isModule = member !== module && (PLAIN_MODULES.has(member) || Object.hasOwn(SOME_OF, member));
  if (!PLAIN_MODULES.has(module) || isModule || REFUSED_ATTRIBUTES.has(member)) return "unclear";
  return /^_|^(open|builtins|codecs|subprocess|FileHandler)/.test(member) ? "unclear" : "plain";
}

/** What values tell of themselves by names with underscores, without leading to their modules. */
export const TELLS =
  /^__(name|new|qualname|module|doc|version|file|path|len|mro|all|iter|next|enter|exit|init|eq|ne|lt|le|gt|ge|hash|repr|str|bool|contains|add|annotations|slots|wrapped|dataclass_fields|cause|context|notes|post_init|getitem|setitem|call|main)__$/;

/** Functions that tell of a module that they are given. */
export const ASKS_ABOUT =
  /^(hasattr|dir|help|print|repr|str|type|getsource|getsourcefile|getfile|getdoc|id)$/;
