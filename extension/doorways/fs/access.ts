/**
 * How text files are read and written. The editor's half reads unsaved buffers and writes through open
 * documents; the rest goes to the disk.
 */
export interface TextFiles {
  /** Throws an `InterlockError` where there is no such text file. */
  read(path: string): Promise<string>;
  /**
   * Replaces the whole content, or throws and leaves the old one, as where it has unsaved changes that the writer has not
   * seen. `hasSeen` says so of the unsaved content; without it nothing was seen.
   */
  write(path: string, content: string, hasSeen?: (unsaved: string) => boolean): Promise<void>;
}
