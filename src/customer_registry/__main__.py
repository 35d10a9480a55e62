"""`python -m customer_registry`, and the command `customer-registry`."""

import os
import sys

_OURS = frozenset({"cyclopts", "rich"})


def main() -> int:
    """Run the command line; say what to install where its extra is missing."""
    try:
        from customer_registry.cli import run  # noqa: PLC0415  the extra may be missing
    except ImportError as error:
        if (error.name or "").partition(".")[0] not in _OURS:
            raise
        sys.stderr.write(_missing())
        return 2
    return run(sys.argv[1:])


def _missing() -> str:
    """Return what to install, in the language of the locale."""
    locale = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    install = 'python -m pip install "customer-registry[cli]"'
    if locale.casefold().startswith("zh"):
        return f"命令行还缺少组件，请先安装：{install}\n"
    return f"The command line is not installed yet: {install}\n"


if __name__ == "__main__":
    sys.exit(main())
