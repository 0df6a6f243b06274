import { en, type Strings } from "./en";
import { fr } from "./fr";

export type { Strings };
export type StringKey = keyof Strings;
export type Translate = (key: StringKey, values?: Readonly<Record<string, string | number>>) => string;

export function translator(language: string): Translate {
  const strings = language.toLowerCase().startsWith("fr") ? fr : en;
  return (key, values = {}) => strings[key].replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? "")).trim();
}
