export { default } from "./Choices.svelte";
/** No label at all is an answer too: none of them fits. */
export const untouched: string[] = [];
