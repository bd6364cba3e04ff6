/** Names for the generated shapes, so that the rest of the page does not spell out where they come from. */

import type { components } from "./schema.d.ts";

type Schemas = components["schemas"];

export type Answer = string | number | string[] | Record<string, unknown> | unknown[];
export type Project = Schemas["ProjectOut"];
export type Question = Schemas["QuestionOut"];
export type Item = Schemas["ItemOut"];
export type Assignment = Schemas["AssignmentOut"];
export type Next = Schemas["NextOut"];
export type VoteIn = Schemas["VoteIn"];
export type VoteOut = Schemas["VoteOut"];
export type UndoIn = Schemas["UndoIn"];
export type UndoOut = Schemas["UndoOut"];
export type Mine = Schemas["MineOut"];
export type Source = Schemas["SourceOut"];
export type Beliefs = Schemas["BeliefsOut"];
export type BeliefRow = Schemas["BeliefRow"];
export type ItemBelief = Schemas["ItemBelief"];
export type Explore = Schemas["ExploreOut"];
export type Audit = Schemas["AuditOut"];
export type Finding = Schemas["FindingOut"];
export type Release = Schemas["ReleaseOut"];
export type Model = Schemas["ModelOut"];
export type Watch = Schemas["WatchOut"];
export type Problem = Schemas["Problem"];
