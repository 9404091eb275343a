/** Texts without what they say of machines and people: something in brackets stands in its place. */
import { isTelling, type KnownNames } from "./known-names.ts";

export interface Scrub {
  /** What a model or a task wrote, and names that a user gave. */
  text(text: string): string;
  /** What rrr itself wrote: the words of a language stay, also where a server or a user is called by one. */
  own(text: string): string;
  /** What a server or a system said of an error: of it only words and short numbers stay. */
  message(text: string): string;
}

type Rule = readonly [pattern: RegExp, mark: string];

const WORD = String.raw`[\w.@%+~-]`;

/** In this order: an address has a host and a path in it. */
const RULES: readonly Rule[] = [
  [/\b(?:sk|pk|rk|hf|gsk|xai|gh[opsu]|github_pat|glpat|xox[abps])[-_][\w-]{6,}/gi, "[key]"],
  [/\b(?:AKIA[A-Z0-9]{12,}|AIza[\w-]{20,}|eyJ[\w-]{6,}\.[\w-]+(?:\.[\w-]*)?)/g, "[key]"],
  [/\b(?:bearer|basic)\s+(?=[^\s"']*\d)[\w+/=.~-]{8,}/gi, "[key]"],
  // Names of variables: nobody else writes words like this.
  [/\b[A-Z][A-Z0-9_]*_(?:KEY|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIALS?)(?:_[A-Z0-9_]+)?\b/g, "[name]"],
  [/\b[a-z][a-z0-9+.-]{0,20}:\/\/[^\s"'<>`)\]}]+/gi, "[address]"],
  [/(?<![\w.+-])[\w.+-]{1,64}@[a-z][\w-]*(?:\.[\w-]+)*(?::\d{1,5})?/gi, "[address]"],
  [/\b\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?\b/g, "[address]"],
  [/(?<![\w:])(?:[0-9a-f]{1,4}:){4,7}[0-9a-f]{1,4}(?![\w:])/gi, "[address]"],
  [
    /(?<![\w:])(?:[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){0,6})?::(?:[0-9a-f]{1,4}:){0,6}[0-9a-f]{1,4}(?![\w:])/gi,
    "[address]",
  ],
  [
    /(?<![\w.-])(?:[a-z0-9-]{1,63}\.){1,8}(?:internal|intranet|local|localdomain|lan|corp|test|example|invalid|com|net|org|edu|gov|io|ai|cloud|dev)(?::\d{1,5})?(?![\w-])/gi,
    "[address]",
  ],
  [/(?<![\w.-])(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24}:\d{2,5}\b/gi, "[address]"],
  [/\blocalhost(?::\d{1,5})?\b/gi, "[address]"],
  // From the root, from a home, or from here; two names at least, so that a fraction is none.
  [
    new RegExp(
      String.raw`(?<![\p{L}\p{N}_)\]}<>.:*/\\-])(?:~[\w.-]*|\.{1,2})?\/[\p{L}_.]${WORD}*(?:\/${WORD}+)+\/?`,
      "gu",
    ),
    "[path]",
  ],
  [new RegExp(String.raw`(?<![\w/])~[\w-]*\/${WORD}+(?:\/${WORD}+)*`, "g"), "[path]"],
  [/\b[a-z]:(?:\\{1,4}|\/)[\w.][^\s"'<>|*?]*/gi, "[path]"],
  [/(?<!\\)(?:\\{2}|\\{4})[\w.-]+\\{1,2}[^\s"'<>|\\][^\s"'<>|]*/g, "[path]"],
];

/** A word, also one with a hyphen or an apostrophe; a number as counts, shares and statuses have it. */
const PLAIN = /^(?:\p{L}{1,20}(?:['’-]\p{L}{1,20}){0,3}|\d{1,7}(?:[.,]\d{1,3})?%?)$/u;
const MARK = /^["'“‘(]*\[(?:key|name|address|path)\][^\p{L}\p{N}]*$/u;
const AROUND = /^(["'“‘([{]*)(.*?)(["'”’)\]}.,;:!?…]*)$/su;
/** What follows these words is a name. */
const NAMED =
  /\b(ENOTFOUND|EAI_AGAIN|ECONN[A-Z]+|EHOSTUNREACH|ETIMEDOUT|hosts?|hostname|users?|username|login|account|organi[sz]ation|project|tenant|node|machine)(\s+|: ?|=)["'“]?(?!is\b|was\b|not\b|has\b|name\b|cannot\b|could\b)[^\s,;"'”]+/gi;

/** @param names that are replaced wherever they stand */
export function createScrub({ paths, addresses, names }: KnownNames): Scrub {
  // Known paths first: they may have blanks in them. Names last: parts of addresses are addresses.
  const rules = [
    ...ruleOf(paths, "[path]"),
    ...RULES,
    ...ruleOf(addresses.filter(isTelling), "[address]"),
    ...ruleOf(names.filter(isTelling), "[name]"),
  ];
  const words = [
    ...ruleOf(
      addresses.filter((each) => !isTelling(each)),
      "[address]",
    ),
    ...ruleOf(
      names.filter((each) => !isTelling(each)),
      "[name]",
    ),
  ];
  const own = (text: string): string => replaced(text, rules);
  const text = (from: string): string => replaced(own(from), words);
  return {
    own,
    text,
    message: (from) => text(from).replace(NAMED, "$1$2[name]").replaceAll(/\S+/g, plain),
  };
}

function replaced(text: string, rules: readonly Rule[]): string {
  return rules.reduce((all, [pattern, mark]) => all.replaceAll(pattern, mark), text);
}

function plain(word: string): string {
  if (MARK.test(word) || !/[\p{L}\p{N}]/u.test(word)) return word;
  const [, before = "", middle = word, after = ""] = AROUND.exec(word) ?? [];
  return middle === "" || PLAIN.test(middle) ? word : `${before}[…]${after}`;
}

/** The longest first, so that none is left as the end of another. */
function ruleOf(names: readonly string[], mark: string): readonly Rule[] {
  const all = names.flatMap((name) => [name, JSON.stringify(name).slice(1, -1)]);
  const ordered = [...new Set(all)].filter((name) => name !== "").sort((a, b) => b.length - a.length);
  if (ordered.length === 0) return [];
  const escaped = ordered.map((name) => name.replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`));
  return [[new RegExp(String.raw`(?<![\p{L}\p{N}_])(?:${escaped.join("|")})(?![\p{L}\p{N}_])`, "giu"), mark]];
}
