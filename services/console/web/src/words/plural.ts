type Forms = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };

/** The form of a word that `locale` wants for `count`. `zero` is taken for 0 in every language, where given. */
export function plural(locale: string, count: number, forms: Forms): string {
  if (count === 0 && forms.zero !== undefined) return forms.zero;
  return forms[new Intl.PluralRules(locale).select(count)] ?? forms.other;
}
