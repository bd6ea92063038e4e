"""The two kinds of failure: the world is to blame, or we are."""


class UserError(Exception):
    """The world is to blame: show the sentence and change nothing.

    The message is a template and its fields, so that a window can translate it.
    It says what is wrong, where, and what to do.
    """

    def __init__(self, template: str, **fields: object) -> None:
        self.template = template
        self.fields = fields
        super().__init__(template.format(**fields) if fields else template)


class BugError(Exception):
    """We are to blame: log it, report it, keep the project safe."""


class NotFoundError(UserError):
    """Something that was named does not exist in this project."""


class AmbiguousError(UserError):
    """A name fits more than one thing."""


class ReadOnlyError(UserError):
    """The project cannot be written: a read-only file, or somebody else has it."""


class ProjectFileError(UserError):
    """The file is no project, is damaged, or is newer than this program."""


class DocumentReadError(UserError):
    """A source file cannot become a document."""


class PasswordNeededError(DocumentReadError):
    """A source file is locked, and no password or a wrong one was given."""


class DatasetError(UserError):
    """A labelled dataset cannot be read or written; names file and line."""


class CodebookError(UserError):
    """A codebook file is not a codebook, or contradicts itself."""


class RefusedError(UserError):
    """The verb does not apply here, with the reason."""
