"""The promises of a repository, port by port, each as a test that tells what was broken."""
