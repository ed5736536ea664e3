/** States are interchangeable only between equal versions of the emulator. */
export const EMULATOR_VERSION = "v86 0.5.462";
