// What is looked at before a SQLite file that may come from elsewhere is used.

export { checkDatabaseFiles, checkKind } from "./plain-files.ts";
export { readSchema, type SchemaEntry, type SchemaSource, schemaHash } from "./schema.ts";
