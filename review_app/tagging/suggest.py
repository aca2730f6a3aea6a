"""Suggested tags of one study: pure, the same answer for the same text."""

from review_app.tagging.comparators import suggest_comparators
from review_app.tagging.design import suggest_design
from review_app.tagging.dose import suggest_dose
from review_app.tagging.interventions import suggest_interventions
from review_app.tagging.model import Basis, StudyText, SuggestedTags
from review_app.tagging.outcomes import suggest_outcomes
from review_app.tagging.passages import read
from review_app.tagging.population import suggest_population
from review_app.tagging.registration import suggest_registration
from review_app.tagging.sample_size import suggest_sample_size

TAGGER_VERSION: int = 2


def suggest(study: StudyText) -> SuggestedTags:
    """Tags from publication types, MeSH and text, in the terms of db/vocabulary.toml.

    `basis` is keyed `study_design`, `sample_size`, `registration`, `population:<term>`,
    `interventions:<molecule>/<route>`, `comparators:<term>` and `outcomes:<domain>/<instrument or ->`; what rests on
    no words (a comparator `none`) has no key.
    """
    passages = read(study)
    design = suggest_design(study, passages)
    population = suggest_population(study, passages, design.design)
    interventions = suggest_interventions(study, passages, design.design)
    comparators = suggest_comparators(passages, design.design)
    size, size_basis = suggest_sample_size(passages, design.design)
    if size is not None and not size_basis:
        size_basis = design.basis
    outcomes = suggest_outcomes(passages, design.design, compared="none" not in comparators)
    basis: dict[str, tuple[Basis, ...]] = {"study_design": design.basis, "sample_size": size_basis}
    dose, dose_basis = suggest_dose(passages, tuple(interventions), design.design)
    registration, basis["registration"] = suggest_registration(study, passages)
    interventions = {each: (*words, *dose_basis) for each, words in interventions.items()}
    basis |= {f"population:{term}": words for term, words in population.items()}
    basis |= {f"interventions:{i.molecule}/{i.route}": words for i, words in interventions.items()}
    basis |= {f"comparators:{term}": words for term, words in comparators.items()}
    basis |= {f"outcomes:{o.domain}/{o.instrument or '-'}": words for o, words in outcomes.items()}
    return SuggestedTags(
        study_design=design.design,
        study_design_basis=design.by,
        population=tuple(population) or ("not_stated",),
        interventions=tuple(interventions),
        comparators=tuple(comparators),
        sample_size=size,
        outcomes=tuple(outcomes),
        basis={key: words for key, words in basis.items() if words},
        dose=dose,
        registration=registration,
    )
