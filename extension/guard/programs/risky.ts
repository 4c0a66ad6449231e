/** Names of scripts and targets that by their name do more than test, build and run. */
export const RISKY_NAME =
  /(^|[:_.-])(deploy|publish|release|clean|clobber|distclean|reset|purge|wipe|nuke|destroy|drop|delete|remove|prune|uninstall|migrate|seed|rollback|push|ship|prod(uction)?|login|truncate|flush|restore|teardown|undeploy|promote)([:_.-]|$)/i;
