"""What happened, beside what was argued and what the model says."""

from detente.evidence._argument import ArgumentScores, WordedForecast, score_argument
from detente.evidence._bargaining_scores import (
    BargainingScore,
    BargainingScores,
    score_bargaining,
)
from detente.evidence._blind import (
    POSTERIOR,
    BlindForecasts,
    blind_forecasts,
    blind_questions,
)
from detente.evidence._diagnostic import DiagnosticSighting
from detente.evidence._filter import Evidence, Impossible, Start, filter_record
from detente.evidence._fit import BestFit, best_fit
from detente.evidence._forecast_scores import CalibrationBin, ForecastScores, score_forecasts
from detente.evidence._likelihood import record_likelihood
from detente.evidence._likelihood_slopes import LikelihoodSlopes, likelihood_slopes
from detente.evidence._outside_forecasts import OutsideScores, question_sheet, read_outside
from detente.evidence._placebo_result import (
    RARE,
    Placebo,
    PlaceboRuns,
    PlaceboTest,
    placebo_test,
)
from detente.evidence._placebo_run import placebo
from detente.evidence._posterior import Posterior, sample_posterior
from detente.evidence._profile import ProfileLikelihood, profile_likelihood
from detente.evidence._record import Entry, Record, Track, known_by, observed_record
from detente.evidence._resolve import ResolvedQuestion, ResolvedQuestions, resolve_questions
from detente.evidence._rivals import RivalComparison, compare_rivals
from detente.evidence._scoring_rules import brier, log_score, ranked_score
from detente.evidence._seal import seal_forecast, verify_ledger
from detente.evidence._sealed_beside import seal_outside
from detente.evidence._sealed_forecast import LedgerCheck, SealedForecast
from detente.evidence._sealed_statement import SealedStatement, seal_statement
from detente.evidence._stamp import TimeStamp, attach_stamp, stamp_request
from detente.evidence._timeline import draw_timeline, list_rows
from detente.evidence._updated_verdicts import UpdatedVerdicts, updated_verdicts

__all__ = [
    "POSTERIOR",
    "RARE",
    "ArgumentScores",
    "BargainingScore",
    "BargainingScores",
    "BestFit",
    "BlindForecasts",
    "CalibrationBin",
    "DiagnosticSighting",
    "Entry",
    "Evidence",
    "ForecastScores",
    "Impossible",
    "LedgerCheck",
    "LikelihoodSlopes",
    "OutsideScores",
    "Placebo",
    "PlaceboRuns",
    "PlaceboTest",
    "Posterior",
    "ProfileLikelihood",
    "Record",
    "ResolvedQuestion",
    "ResolvedQuestions",
    "RivalComparison",
    "SealedForecast",
    "SealedStatement",
    "Start",
    "TimeStamp",
    "Track",
    "UpdatedVerdicts",
    "WordedForecast",
    "attach_stamp",
    "best_fit",
    "blind_forecasts",
    "blind_questions",
    "brier",
    "compare_rivals",
    "draw_timeline",
    "filter_record",
    "known_by",
    "likelihood_slopes",
    "list_rows",
    "log_score",
    "observed_record",
    "placebo",
    "placebo_test",
    "profile_likelihood",
    "question_sheet",
    "ranked_score",
    "read_outside",
    "record_likelihood",
    "resolve_questions",
    "sample_posterior",
    "score_argument",
    "score_bargaining",
    "score_forecasts",
    "seal_forecast",
    "seal_outside",
    "seal_statement",
    "stamp_request",
    "updated_verdicts",
    "verify_ledger",
]
