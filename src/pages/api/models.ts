import { ModelList } from '#server/llm/model-info.ts';
import { endpoint } from './_endpoint.ts';

export const GET = endpoint(
  {
    auth: 'session',
    summary: 'The models that a turn can use: the offline builder, then the provider’s that can call tools.',
    response: ModelList,
  },
  async ({ services }) => ({ body: await services.llm.listModels() }),
);
