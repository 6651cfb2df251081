const LANGUAGES: readonly (readonly [words: RegExp, note: string])[] = [
  [
    /\b(?:uma|um|para|página|pagina|site de|com|nossa|minha|loja|em|do|da|padaria|restaurante|criar|quero|faça)\b/gi,
    'Escrevo apenas em inglês: os textos do site ficaram em inglês. Pode trocá-los assim: change “…” to “…”. Com uma chave de um fornecedor nas definições, um modelo escreve em português.',
  ],
  [
    /\b(?:una|un|para|página|con|nuestra|tienda|en|del|los|las|quiero|crear|hacer|panadería|mi)\b/gi,
    'Solo escribo en inglés: los textos del sitio están en inglés. Puede cambiarlos así: change “…” to “…”. Con una clave de proveedor en los ajustes, un modelo escribe en español.',
  ],
  [
    /\b(?:eine|einen|für|mit|und|unsere|webseite|seite|bäckerei|erstelle|ich|möchte|das|der|die|im)\b/gi,
    'Ich schreibe nur Englisch, deshalb sind die Texte der Seite englisch. Ändern geht so: change „…“ to „…“. Mit einem Anbieterschlüssel in den Einstellungen schreibt ein Modell auf Deutsch.',
  ],
  [
    /\b(?:une|pour|avec|notre|nos|boulangerie|créer|créez|je|voudrais|des|dans|et|le|les)\b/gi,
    'Je n’écris qu’en anglais : les textes du site sont donc en anglais. Pour les changer : change “…” to “…”. Avec une clé de fournisseur dans les réglages, un modèle écrit en français.',
  ],
];

const ENGLISH = /\b(?:the|for|with|and|our|make|page|site|of|called|add|my)\b/gi;

/** A polite word in the person's language when the prompt is not in English. */
export function languageNote(prompt: string): string | undefined {
  const count = (words: RegExp) => prompt.match(words)?.length ?? 0;
  const english = count(ENGLISH);
  const [best] = LANGUAGES.map(([words, note]) => ({ note, hits: count(words) })).sort((a, b) => b.hits - a.hits);
  return best && best.hits >= 2 && best.hits > english ? best.note : undefined;
}
