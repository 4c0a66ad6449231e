import { readdir } from "node:fs/promises";
import { isRebuildable } from "../rebuildable.ts";
import { type BytePath, onDisk } from "./bytePath.ts";

export interface Walk {
  readonly files: readonly BytePath[];
  /** Folders that are repositories. */
  readonly repositories: readonly BytePath[];
  /** False where there was more than `limit`: then nothing is listed. */
  readonly complete: boolean;
}

/** All files of a folder that git says nothing of, but for what tools make again. Links are not followed. */
export async function walkFolder(root: string, limit: number): Promise<Walk> {
  const files: BytePath[] = [];
  const repositories: BytePath[] = [];
  let level: BytePath[] = [""];
  while (level.length > 0) {
    const next: BytePath[] = [];
    for (const folder of level) {
      const options = { withFileTypes: true, encoding: "latin1" } as const;
      const entries = await readdir(onDisk(root, folder), options).catch(() => []);
      const isRepository = entries.some((entry) => entry.name === ".git");
      if (isRepository && folder !== "") {
        repositories.push(folder.slice(0, -1));
        continue;
      }
      for (const entry of entries) {
        const path = `${folder}${entry.name}`;
        if (entry.name === ".git") continue;
        if (!entry.isDirectory()) files.push(path);
        else if (!isRebuildable(path)) next.push(`${path}/`);
      }
      if (files.length + next.length > limit) return { files: [], repositories: [], complete: false };
    }
    level = next;
  }
  return { files, repositories, complete: true };
}
