/** The suite's last test: when it has run, all others have. */
export const END_OF_SUITE = "the end of the suite";
