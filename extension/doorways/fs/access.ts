/**
 * How text files are read and written. The editor's half reads unsaved buffers and writes through open
 * documents; the rest goes to the disk.
 */
export interface TextFiles {
  /**
   * Throws an `InterlockError` where there is no such text file. `reader`: who has seen the content from then on; without
   * one nobody has, as where the host looks for itself.
   */
  read(path: string, reader?: object): Promise<string>;
  /** Replaces the whole content, or throws and leaves the old one, as where it holds what the writer has not seen. */
  write(path: string, content: string, writer?: object): Promise<void>;
}
