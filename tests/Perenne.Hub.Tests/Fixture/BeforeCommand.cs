using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Perenne.Hub.Tests;

/// <summary>Lets something happen once between two statements of a handler: right before the first command whose text holds all of some words.</summary>
internal sealed class BeforeCommand : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>, IDisposable
{
    private readonly string database;
    private readonly string[] words;
    private readonly List<IDisposable> subscriptions = [];
    private Func<Task>? happens;

    /// <param name="database">Of the hub that is meant: others run beside it.</param>
    /// <param name="happens">Runs to its end before the command is sent.</param>
    /// <param name="words">Parts of the statement.</param>
    public BeforeCommand(string database, Func<Task> happens, params string[] words)
    {
        (this.database, this.happens, this.words) = (database, happens, words);
        subscriptions.Add(DiagnosticListener.AllListeners.Subscribe(this));
    }

    public bool Happened => happens is null;

    public void OnNext(DiagnosticListener value)
    {
        if (value.Name == DbLoggerCategory.Name)
            subscriptions.Add(value.Subscribe(this));
    }

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (value.Value is CommandEventData { Context: { } context, Command.CommandText: var text } && value.Key == RelationalEventId.CommandExecuting.Name
            && context.Database.GetConnectionString() == database && Array.TrueForAll(words, text.Contains) && Interlocked.Exchange(ref happens, null) is { } now)
            Task.Run(now).GetAwaiter().GetResult();
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }

    public void Dispose() => subscriptions.ForEach(s => s.Dispose());
}
