import type { Random } from "@rrr/core";
import type { Api } from "../api.ts";
import { date, PAST } from "../dates.ts";
import { choice, list, made, number, optional, text, yesNo } from "../parameters.ts";
import { steps } from "../ways.ts";
import { mailAddress, ofDomain } from "./common.ts";

const folders = [
  "/home/documents",
  "/home/photos",
  "/projects/atlas",
  "/projects/nova",
  "/archive/2021",
  "/shared/sales",
];
const stems = ["report", "budget", "minutes", "summary", "plan", "draft", "inventory", "schedule"];
const endings = ["docx", "xlsx", "csv", "txt", "md", "png"];

function filePath(random: Random): string {
  return `${random.pick(folders)}/${random.pick(stems)}_${1 + random.int(40)}.${random.pick(endings)}`;
}

const path = made("path", filePath, "Absolute path of the file.");
const folder = text("folder", folders, "Absolute path, without a slash at the end.");
const extension = choice("extension", {
  pdf: "PDF",
  docx: "Word (docx)",
  csv: "CSV",
  png: "PNG",
  md: "Markdown (md)",
});

export const files: readonly Api[] = ofDomain("files", [
  {
    name: "search_files",
    description: "Finds files in a folder.",
    parameters: [
      folder,
      optional(list("extensions", extension, { min: 1, max: 2 }, "File types, in the order named.")),
      optional(date("modified_since", "First day of changes that count", PAST)),
      optional(number("min_size_mb", [steps(0.5, 50, 0.5)], "Megabytes.")),
      optional(yesNo("recursive", { yes: "and its subfolders", no: "but not its subfolders" })),
    ],
    requests: [
      "Find[ {extensions}] files in {folder}[ {recursive}].",
      "Which files in {folder} were changed since {modified_since}?[ Only {extensions} files, please.]",
      "List what is in {folder}[ {recursive}][, only files of at least {min_size_mb} MB].",
    ],
  },
  {
    name: "move_files",
    description: "Moves files to another folder.",
    parameters: [
      list("paths", path, { min: 1, max: 3 }, "Absolute paths, in the order named."),
      { ...folder, name: "target_folder" },
      optional(
        yesNo("overwrite", { yes: "overwriting what is there", no: "without overwriting anything" }),
        false,
      ),
    ],
    requests: [
      "Move {paths} to {target_folder}[, {overwrite}].",
      "Put {paths} into the folder {target_folder} instead[, {overwrite}].",
      "{paths} should be moved to {target_folder}[, {overwrite}].",
    ],
    sensible: ({ paths, target_folder }) =>
      Array.isArray(paths) && paths.every((each) => !String(each).startsWith(`${target_folder}/`)),
  },
  {
    name: "share_file",
    description: "Gives people access to a file.",
    parameters: [
      path,
      list("people", made("email", mailAddress), { min: 1, max: 3 }, "E-mail addresses, in the order named."),
      choice(
        "permission",
        { view: "read it", comment: "comment on it", edit: "edit it" },
        "The most that they may do.",
      ),
      optional(date("expires", "Last day of access")),
    ],
    requests: [
      "Share {path} with {people} so that they can {permission}[, until {expires}].",
      "Let {people} have access to {path}. They may {permission}[ until {expires}].",
      "Give {people} the right to open {path} and {permission}[ until {expires}].",
    ],
  },
  {
    name: "compress_files",
    description: "Packs files into an archive.",
    parameters: [
      list("paths", path, { min: 1, max: 3 }, "Absolute paths, in the order named."),
      choice("format", { zip: "ZIP", tar_gz: "tar.gz", "7z": "7z" }),
      optional(text("password", ["sunflower42", "blue-whale", "m4rbles", "Tango!77"], "As written.")),
    ],
    requests: [
      'Compress {paths} into a {format} archive[ with the password "{password}"].',
      "Make a {format} archive of {paths}[, password {password}].",
      'Pack {paths} as {format}[ and protect it with "{password}"].',
    ],
  },
  {
    name: "delete_file",
    description: "Removes a file.",
    parameters: [
      path,
      optional(
        yesNo("permanently", { yes: "for good", no: "but keep it in the bin" }, "Without the bin."),
        false,
      ),
    ],
    requests: [
      "Delete {path}[, {permanently}].",
      "Please remove the file {path}[ {permanently}].",
      "I don't need {path} any more, delete it[, {permanently}].",
    ],
  },
]);
