/**
 * Packages that compute, parse and print, by the names they are imported by: of what the model writes with them, nothing is
 * lost but by writing to a file that it names. Those that reach servers, shells or repositories are left out.
 */
export const PYTHON_PACKAGES: ReadonlySet<string> = new Set(
  (
    "yaml toml tomli tomli_w tomlkit numpy pandas polars scipy sklearn matplotlib seaborn PIL bs4 lxml html5lib cssselect " +
    "pydantic pydantic_core attr attrs cattrs marshmallow dateutil pytz arrow pendulum jsonschema packaging jinja2 markupsafe " +
    "markdown mistune regex rich tabulate prettytable colorama networkx sympy tqdm orjson ujson simplejson msgpack " +
    "cryptography jwt bcrypt pygments starlette fastapi flask click typer docutils openpyxl chardet charset_normalizer idna " +
    "more_itertools toolz cytoolz sortedcontainers typing_extensions annotated_types hypothesis faker freezegun pytest zstandard " +
    "torch jax einops pyarrow numba statsmodels shapely wcwidth pyparsing lark ply libcst"
  ).split(" "),
);

/** Their methods that write to a file named first. */
export const PACKAGE_WRITERS =
  /^(save|save_(text|html|svg)|open_file|write_(edgelist|graphml|gml|gexf|adjlist|pickle|text|image|html)|savefig|savetxt|savez|savez_compressed|imsave|imwrite|tofile|to_(csv|json|excel|parquet|pickle|html|markdown|feather|latex|string|xml|netcdf)|write_(csv|json|parquet|ndjson|excel|ipc))$/;

/** The same for Node. */
export const NODE_PACKAGES =
  /^(typescript|zod(\/.*)?|valibot|ajv|lodash(\/.*)?|lodash-es|ramda|semver|chalk|picocolors|kleur|yaml|js-yaml|toml|ini|uuid|nanoid|dayjs(\/.*)?|date-fns(\/.*)?|luxon|moment|react|react-dom(\/server)?|preact|marked|markdown-it|cheerio|parse5|acorn|acorn-walk|@babel\/(parser|traverse|types|core|generator)|esprima|espree|esquery|magic-string|postcss|minimatch|picomatch|micromatch|immer|rxjs|ms|debug|qs|mime|mime-types|jsonc-parser|json5|csv-parse(\/sync)?|fast-check|superjson|tslib|source-map|@jridgewell\/[\w-]+|diff|fastest-levenshtein|big\.js|bignumber\.js|decimal\.js)$/;
