const LANGUAGES: readonly (readonly [words: RegExp, note: string])[] = [
  [
    /(?<!\p{L})(?:uma|um|para|página|pagina|site de|com|nossa|nosso|minha|meu|loja|de|em|no|do|da|padaria|restaurante|criar|crie|quero|faça|portfólio)(?!\p{L})/giu,
    'Escrevo apenas em inglês: os textos do site ficaram em inglês. Pode trocá-los assim: change “…” to “…”. Com uma chave de um fornecedor nas definições, um modelo escreve em português.',
  ],
  [
    /(?<!\p{L})(?:una|un|para|página|con|nuestra|nuestro|tienda|de|en|del|los|las|quiero|crear|crea|hacer|panadería|mi|sitio)(?!\p{L})/giu,
    'Solo escribo en inglés: los textos del sitio están en inglés. Puede cambiarlos así: change “…” to “…”. Con una clave de proveedor en los ajustes, un modelo escribe en español.',
  ],
  [
    /(?<!\p{L})(?:eine|einen|ein|für|mit|und|unsere|unseren|unser|meine|meinen|webseite|seite|bäckerei|erstelle|ich|möchte|das|der|die|im)(?!\p{L})/giu,
    'Ich schreibe nur Englisch, deshalb sind die Texte der Seite englisch. Ändern geht so: change „…“ to „…“. Mit einem Anbieterschlüssel in den Einstellungen schreibt ein Modell auf Deutsch.',
  ],
  [
    /(?<!\p{L})(?:une|un|pour|avec|notre|nos|mon|ma|boulangerie|créer|créez|crée|je|voudrais|de|des|dans|et|le|les|à)(?!\p{L})/giu,
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
