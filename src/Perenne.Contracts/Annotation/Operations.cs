using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Perenne.Contracts.Annotation;

/// <summary>One idempotent edit: applying it twice gives the document of applying it once.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(PutShape), "put")]
[JsonDerivedType(typeof(RemoveShape), "remove")]
[JsonDerivedType(typeof(SetTags), "tags")]
[JsonDerivedType(typeof(SetValue), "value")]
[JsonDerivedType(typeof(SetVerdict), "verdict")]
public abstract record Change;

/// <summary>Puts the shape in the place of the one with its id; a new one goes to the index, or to the end.</summary>
/// <param name="Shape">The whole shape.</param>
/// <param name="Index">Place of a new shape; null or beyond the end: last, on top.</param>
public sealed record PutShape(DocumentShape Shape, int? Index = null) : Change;

/// <summary>Removes a shape; no error when it is gone already.</summary>
/// <param name="ShapeId">Its id.</param>
public sealed record RemoveShape(string ShapeId) : Change;

/// <summary>Replaces the image tags.</summary>
/// <param name="Tags">All of them.</param>
public sealed record SetTags(ImmutableArray<string> Tags) : Change;

/// <summary>Sets or removes one image value.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Null removes it.</param>
public sealed record SetValue(string Name, double? Value) : Change;

/// <summary>Answers whether there is a defect.</summary>
/// <param name="Verdict">Null withdraws the answer.</param>
public sealed record SetVerdict(ImageVerdict? Verdict) : Change;

/// <summary>One step of a person's work. The hub ignores an id it has already applied.</summary>
/// <param name="Id">Made by the client, at most 64 characters.</param>
/// <param name="At">When it was made, by the client's clock.</param>
/// <param name="ActiveMilliseconds">Active time since the operation before it; pauses over 30 s are left out.</param>
/// <param name="Changes">Applied in order, all or none.</param>
public sealed record Operation(string Id, DateTimeOffset At, long ActiveMilliseconds, ImmutableArray<Change> Changes);
