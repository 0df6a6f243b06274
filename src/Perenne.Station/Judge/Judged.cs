using Perenne.Contracts.Observations;

namespace Perenne.Station.Judge;

/// <summary>The deciding judgement of a frame: what screen and outputs show.</summary>
/// <param name="Observation">As it is kept; without a box for what is below its threshold see <see cref="Counts"/>.</param>
/// <param name="Counts">One flag per detection: it reaches its threshold.</param>
/// <param name="Sentence">Why the frame cannot be judged. Null otherwise.</param>
internal sealed record Judged(Observation Observation, IReadOnlyList<bool> Counts, string? Sentence, string? Model, Arrival Arrival);
