/**
 * How text files are read and written. The editor's half reads unsaved buffers and writes through open
 * documents; the rest goes to the disk.
 */
export interface TextFiles {
  /** Throws an `InterlockError` where there is no such text file. */
  read(path: string): Promise<string>;
  /** Replaces the whole content, or throws and leaves the old one. */
  write(path: string, content: string): Promise<void>;
}
