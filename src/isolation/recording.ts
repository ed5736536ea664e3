/** What the file says of itself that the X-ray saves; `version` rises when what is in it changes its meaning. */
export const RECORDING = { format: "vivarium-xray", version: 1 } as const;
