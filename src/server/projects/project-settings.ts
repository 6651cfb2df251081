import type { ProjectsContext } from './context.ts';
import { listVariables, removeVariable, setVariable } from './environment.ts';
import type { VariableView } from './environment.ts';

/** What a person sets about a project. All throw `project_not_found` for someone else's. */
export interface ProjectSettings {
  /** Names only: a value is never read back. */
  variables(ownerId: string, projectId: string): VariableView[];
  /** See {@link setVariable}. */
  setVariable(ownerId: string, projectId: string, name: string, value: string): VariableView;
  /** See {@link removeVariable}. */
  removeVariable(ownerId: string, projectId: string, name: string): void;
}

export function createProjectSettings(context: ProjectsContext): ProjectSettings {
  return {
    variables: (ownerId, projectId) => listVariables(context, ownerId, projectId),
    setVariable(ownerId, projectId, name, value) {
      setVariable(context, ownerId, projectId, name, value);
      return listVariables(context, ownerId, projectId).find((variable) => variable.name === name) as VariableView;
    },
    removeVariable: (ownerId, projectId, name) => removeVariable(context, ownerId, projectId, name),
  };
}
