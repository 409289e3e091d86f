"""What the product knows: labels, options, templates."""

from __future__ import annotations

from fastapi import FastAPI
from fastapi.responses import Response

from serve.problems import problem
from serve.routes.posting import as_json


def add_lists(app: FastAPI) -> None:
    """Add `/v1/labels`, `/v1/options` and `/v1/templates`."""

    @app.get("/v1/labels", tags=["lists"])
    async def labels() -> Response:
        """Issue types, levels of sentiment and languages."""
        reader = app.state.suggester.reader
        known = reader.labels
        return as_json(
            {
                "issues": [{"issue": i, "group": known.groups[i], "meaning": known.meanings[i]} for i in known.issues],
                "sentiments": [
                    {"level": level, "score": score}
                    for level, score in zip(known.sentiments, known.sentiment_scores, strict=True)
                ],
                "languages": [{"tag": t, "name": lang.name} for t, lang in reader.languages.items()],
            }
        )

    @app.get("/v1/options", tags=["lists"])
    async def options() -> Response:
        """The policy options and what they mean."""
        known = app.state.suggester.options.values()
        fields = ("group", "speaks", "meaning", "remedy")
        return as_json({"options": [{"option": o.name, **{f: getattr(o, f) for f in fields}} for o in known]})

    @app.get("/v1/templates", tags=["lists"])
    async def templates(language: str | None = None) -> Response:
        """The texts that replies are made of, by language."""
        known = app.state.suggester.templates
        if language is not None and language not in known:
            return problem(404, f"no templates in '{language}'; there are {', '.join(known)}")
        chosen = [known[language]] if language else known.values()
        texts = [
            {
                "template": f"{issue}.{option}" if issue != "default" else f"*.{option}",
                "option": option,
                "language": part.tag,
                "text": text.source,
                "slots": sorted(text.slots),
            }
            for part in chosen
            for (option, issue), text in part.bodies.items()
        ]
        return as_json({"templates": texts})
