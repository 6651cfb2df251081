export interface ModelChoice {
  id: string;
  name: string;
}

interface ModelList {
  models: readonly ModelChoice[];
  note?: { message: string };
}

export interface ModelChoices {
  /** The chosen model is always among them. */
  choices: ModelChoice[];
  /** Why the provider's models are missing or out of date. */
  note: string | undefined;
}

export const offlineModel: ModelChoice = { id: 'doce/offline', name: 'Offline builder' };

const PATIENCE_MS = 1_500;
const slow: ModelList = { models: [], note: { message: 'The provider is slow to list its models. Load the page again to see them.' } };

/**
 * What a picker offers. A provider that is slow or down must not hold up the page: after 1.5 s the offline builder and the
 * chosen model stand in for its list.
 */
export async function modelChoices(list: () => Promise<ModelList>, chosenId: string): Promise<ModelChoices> {
  const { models, note } = await withinPatience(list);
  const listed = models.length > 0 ? models.map(({ id, name }) => ({ id, name })) : [offlineModel];
  const choices = listed.some(({ id }) => id === chosenId) ? listed : [{ id: chosenId, name: chosenId }, ...listed];
  return { choices, note: note?.message };
}

async function withinPatience(list: () => Promise<ModelList>): Promise<ModelList> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<ModelList>((resolve) => {
    timer = setTimeout(() => resolve(slow), PATIENCE_MS);
  });
  try {
    return await Promise.race([list(), timeout]);
  } finally {
    clearTimeout(timer);
  }
}
