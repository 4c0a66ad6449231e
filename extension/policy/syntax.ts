import * as l10n from "@vscode/l10n";
import { type ParseError, printParseErrorCode } from "jsonc-parser";

/** What keeps a text from being JSON with comments, in a sentence. */
export function syntaxMessage({ error }: ParseError): string {
  const name = printParseErrorCode(error);
  switch (name) {
    case "PropertyNameExpected":
      return l10n.t("A key in double quotes is expected here.");
    case "ValueExpected":
      return l10n.t("A value is expected here.");
    case "ColonExpected":
      return l10n.t("A colon is expected here.");
    case "CommaExpected":
      return l10n.t("A comma is expected here.");
    case "CloseBraceExpected":
      return l10n.t("A closing “}” is missing here.");
    case "CloseBracketExpected":
      return l10n.t("A closing “]” is missing here.");
    case "EndOfFileExpected":
      return l10n.t("The policy has ended before this. Remove what follows.");
    case "InvalidSymbol":
      return l10n.t("This is no JSON. Keys and texts stand in double quotes.");
    case "InvalidNumberFormat":
    case "UnexpectedEndOfNumber":
      return l10n.t("This is no number.");
    case "InvalidCommentToken":
    case "UnexpectedEndOfComment":
      return l10n.t("This comment does not end.");
    case "UnexpectedEndOfString":
      return l10n.t("This text has no closing quote.");
    case "InvalidUnicode":
    case "InvalidEscapeCharacter":
      return l10n.t("What follows the backslash is not known. A backslash itself is written twice.");
    case "InvalidCharacter":
      return l10n.t("This character can't stand in a text as it is. Escape it.");
    case "<unknown ParseErrorCode>":
      return l10n.t("This is no JSON with comments.");
  }
}

/** One error for each place: what follows the first there is only its consequence. */
export function firstOfEachPlace(errors: readonly ParseError[]): readonly ParseError[] {
  const seen = new Set<number>();
  return errors.filter(({ offset }) => !seen.has(offset) && seen.add(offset));
}
