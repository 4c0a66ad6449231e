/** Path arithmetic on POSIX paths without touching the disk: the room is pure, and `node:path` would follow the platform. */

export function isAbsolute(path: string): boolean {
  return path.startsWith("/");
}

/** `path` seen from `folder`, with `.` and `..` resolved by text. */
export function resolvePath(folder: string, path: string): string {
  const joined = isAbsolute(path) ? path : `${folder}/${path}`;
  const parts: string[] = [];
  for (const part of joined.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === "..") parts.pop();
    else parts.push(part);
  }
  return `/${parts.join("/")}`;
}

/** True when `path` is `folder` or lies below it. Both are absolute and resolved. */
export function isInside(folder: string, path: string): boolean {
  return folder === "/" || path === folder || path.startsWith(`${folder}/`);
}

/** The last part of a path: a program's name without its folder. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
