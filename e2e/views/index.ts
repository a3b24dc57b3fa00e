// Every page of Atrium and of the emulator in each of its states, and the way there.
import { emulator } from "./emulator";
import { organizations } from "./organizations";
import { posts } from "./posts";
import { refusals } from "./refusals";

export const views = [...refusals, ...organizations, ...posts, ...emulator];
