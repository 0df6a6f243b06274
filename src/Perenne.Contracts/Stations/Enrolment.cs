namespace Perenne.Contracts.Stations;

/// <summary>Body of <c>POST /api/v1/stations/enrol</c>: a one-time code, read aloud or typed in, becomes a machine identity.</summary>
/// <param name="Code">The one-time code the hub's page shows; spaces, dashes and case do not matter.</param>
/// <param name="Software">Version of the station's software.</param>
/// <param name="Machine">Host name, for the people who look at the stations' page.</param>
public sealed record EnrolRequest(string Code, string Software, string? Machine = null);

/// <summary>Answer to <see cref="EnrolRequest"/>. The token is shown this once.</summary>
/// <param name="StationId">The hub's id of the station.</param>
/// <param name="Name">Name people gave it.</param>
/// <param name="OrganizationId">The plant it belongs to.</param>
/// <param name="Organization">The plant's slug.</param>
/// <param name="Token">Bearer token of the machine identity.</param>
/// <param name="SigningKey">The hub's public key for model packages: ECDSA P-256, SubjectPublicKeyInfo, base64.</param>
public sealed record EnrolAnswer(Guid StationId, string Name, Guid OrganizationId, string Organization, string Token, string SigningKey);
