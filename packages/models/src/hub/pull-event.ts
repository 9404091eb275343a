/** What a file is known by: SHA-256 for large ones, and what git names it for the others. */
export interface FileHash {
  readonly kind: "sha256" | "git-sha1";
  /** Lower-case hexadecimal: 64 characters, or 40. */
  readonly hex: string;
}

/** A file of a model on a hub. */
export interface HubFile {
  /** Its name in the folder: no file below a folder of its own is taken. */
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  /** Undefined where the hub names none: then only the size can be checked. */
  readonly hash: FileHash | undefined;
}

/** What `pullModel` tells while it works. */
export type PullEvent =
  /** What will be there at the end. */
  | {
      readonly kind: "plan";
      /** The commit that the revision is now: 40 hexadecimal digits. All files are of it. */
      readonly commit: string;
      readonly files: readonly HubFile[];
      /** Of all files, in bytes. */
      readonly bytes: number;
      /** Of these, how many are here from a pull that was interrupted. */
      readonly here: number;
      /** For a folder of an adapter: the model that it adapts, as the adapter names it. */
      readonly adapterOf?: string;
    }
  | {
      readonly kind: "progress";
      readonly file: string;
      /** Bytes of all files that are here, and bytes of all files. */
      readonly done: number;
      readonly total: number;
    }
  /** Something failed that may pass; it is tried again after `waitMs`. */
  | {
      readonly kind: "retry";
      readonly what: string;
      readonly problem: string;
      readonly waitMs: number;
    };

/** A folder that is whole: each file has its size and, where the hub names one, its hash. */
export interface PulledModel {
  readonly id: string;
  readonly commit: string;
  /** Absolute. */
  readonly folder: string;
  readonly files: readonly HubFile[];
  readonly bytes: number;
  /** Whether all of it was there before. */
  readonly wasThere: boolean;
  readonly adapterOf?: string;
}
