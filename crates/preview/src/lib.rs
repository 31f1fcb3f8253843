//! Serves the reports of a site on this machine.
