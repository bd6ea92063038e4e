"""Words that tell a speaker's name from other words before a colon, in lower case and without full stops.

To add a language: its titles and words for question and answer to `TITLES`, its articles to `ARTICLES`, its headwords
such as "note" and "source" to `HEADWORDS`.
"""

from __future__ import annotations

TITLES = frozenset(
    """
    mr mrs ms miss mx dr prof professor president vice prime chancellor secretary undersecretary deputy assistant
    minister ambassador gen general admiral adm col colonel captain capt lieutenant lt sergeant sgt commander justice
    chief judge senator sen representative rep congressman congresswoman chairman chairwoman chairperson chair speaker
    governor gov mayor king queen prince princess pope sir lord lady baroness moderator interviewer interviewee host
    anchor reporter correspondent journalist question answer q a spokesperson spokesman spokeswoman narrator announcer
    operator participant audience interpreter translator aide administrator commissioner counsel attorney witness
    unidentified voice voices delegate rapporteur member premier taoiseach senior
    m mm mme mmes mlle monsieur madame président présidente ministre secrétaire ambassadeur ambassadrice rapporteure
    journaliste réponse modérateur modératrice commissaire députée député sénateur sénatrice porte-parole interprète
    herr frau bundeskanzler bundeskanzlerin kanzler bundespräsident präsident präsidentin vizepräsident vizepräsidentin
    bundesminister bundesministerin außenminister außenministerin vorsitzender vorsitzende staatssekretär sts
    moderatorin frage antwort zusatzfrage zusatz abgeordneter abgeordnete sprecher sprecherin
    sr sra señor señora presidente presidenta ministro ministra canciller pregunta respuesta periodista moderador
    moderadora portavoz embajador domanda risposta giornalista
    pan pani prezydent marszałek pytanie odpowiedź dziennikarz dziennikarka
    президент прем'єр-міністр прем’єр-міністр міністр міністерка пані пан голова спікер речник речниця журналіст
    журналістка кореспондент кореспондентка питання запитання відповідь модератор модераторка ведучий ведуча секретар
    посол депутат депутатка перекладач перекладачка генерал генсек
    премьер-министр министр господин г-н г-жа госпожа председатель спикер представитель журналист журналистка
    корреспондент вопрос ответ ведущий ведущая секретарь переводчик переводчица реплика генсекретарь
    cumhurbaşkanı başkan bakan soru cevap
    """.split()  # noqa: SIM905
)
"""With one of these, or an article and one of these, a name begins."""

ARTICLES = frozenset("the le la l' l’ les el los der die das il lo un une".split())  # noqa: SIM905

PARTICLES = frozenset(
    """
    of the and for de la du des d' le les von van der den zu al bin ben el di da dos do del della ibn y e i und et
    та і й з и с
    """.split()  # noqa: SIM905
)
"""Words in lower case that may stand inside a name or an office."""

QUESTIONS = frozenset("q a r в о п f".split())  # noqa: SIM905
"""Letters that stand for question and answer."""

HEADWORDS = frozenset(
    """
    note notes nb source sources background contact contacts example examples warning tip tips summary update updated
    location venue date time when where who what why how from to cc bcc re subject sent tel phone fax email e-mail
    website url photo photos video image caption table figure fig annex appendix article section chapter part step fact
    facts fiction myth myths reality truth falsehood claim claims evidence finding findings recommendation
    recommendations analysis rationale conclusion conclusions introduction purpose objective objectives goal goals
    action actions result results outcome outcomes impact risk risks keywords abstract title author authors publisher
    language status type category price total amount name address age sex role place remark remarks remember caution
    correction editor editors related read reading see
    remarque remarques contexte exemple lieu date objet mythe réalité faits
    hinweis hinweise hintergrund quelle quellen beispiel anmerkung ort datum betreff mythos tatsache foto
    nota notas fuente fuentes ejemplo antecedentes lugar fecha asunto mito realidad
    uwaga źródło źródła przykład tło miejsce data mit fakt zdjęcie
    примітка примітки джерело джерела приклад довідка місце дата тема міф факт факти фото контакти
    примечание примечания источник источники пример справка место миф факты контакты
    """.split()  # noqa: SIM905
)
"""What begins a line and ends in a colon, and is nobody."""
