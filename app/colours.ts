// The twelve colours of organizations, in the order of their classes in styles.css.

export const colourNames = [
  ...["Blue", "Orange", "Emerald", "Purple", "Olive", "Sky"],
  ...["Red", "Indigo", "Green", "Pink", "Amber", "Teal"],
];
