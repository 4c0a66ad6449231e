/** A folder of the workspace, as a person calls it. */
export interface Folder {
  readonly name: string;
  /** Absolute. */
  readonly path: string;
}

/** A path as a person reads it: relative to the workspace folder that holds it, with its name where there are several. */
export function shortPath(folders: readonly Folder[], path: string): string {
  const holder = folders
    .filter((folder) => path === folder.path || path.startsWith(withSeparator(folder.path)))
    .sort((one, other) => other.path.length - one.path.length)[0];
  if (holder === undefined) return path;
  const inside = path.slice(withSeparator(holder.path).length).replaceAll("\\", "/");
  if (inside === "") return holder.name;
  return folders.length > 1 ? `${holder.name}/${inside}` : inside;
}

function withSeparator(folder: string): string {
  const separator = folder.includes("\\") ? "\\" : "/";
  return folder.endsWith(separator) ? folder : folder + separator;
}
