package lox.sync.internal.adapter;

import lox.sync.AnnouncementOptions;
import lox.sync.Buffer;
import lox.sync.FunnelOptions;
import lox.sync.GatherOptions;
import lox.sync.JobFunnel;
import lox.sync.JobInput;
import lox.sync.Joined;
import lox.sync.Workers;
import lox.sync.internal.access.SharedSecrets;
import lox.sync.internal.core.GatherSettings;
import lox.sync.internal.funnel.FunnelSettings;
import lox.sync.internal.funnel.JoinEngine;
import lox.sync.internal.funnel.JoinInput;
import lox.sync.internal.hot.AnnouncementSettings;
import lox.sync.internal.hot.BufferPolicy;
import lox.sync.internal.pool.LanePool;

/** Opens the public types that all dialects share, for the adapters. */
@SuppressWarnings("unchecked") // each class registers only one internal type
public final class EngineAccess {
    private EngineAccess() {}

    /**
     * The pool behind workers.
     *
     * @param workers the public object
     * @return the internal object behind it
     */
    public static LanePool lanes(Workers workers) {
        return (LanePool) SharedSecrets.open(Workers.class, workers);
    }

    /**
     * The policy behind a buffer.
     *
     * @param buffer the public object
     * @return the internal object behind it
     */
    public static BufferPolicy policy(Buffer buffer) {
        return (BufferPolicy) SharedSecrets.open(Buffer.class, buffer);
    }

    /**
     * The settings behind the options of a gather.
     *
     * @param options the public object
     * @return the internal object behind it
     */
    public static GatherSettings settings(GatherOptions options) {
        return (GatherSettings) SharedSecrets.open(GatherOptions.class, options);
    }

    /**
     * The settings behind the options of a Funnel.
     *
     * @param options the public object
     * @param <K> the type of the job id
     * @return the settings that the options write to
     */
    public static <K> FunnelSettings<K, Joined<K>> settings(FunnelOptions<K, ?> options) {
        return (FunnelSettings<K, Joined<K>>) SharedSecrets.open(FunnelOptions.class, options);
    }

    /**
     * The settings behind the options of an Announcement.
     *
     * @param options the public object
     * @return the settings that the options write to
     */
    public static AnnouncementSettings settings(AnnouncementOptions<?> options) {
        return (AnnouncementSettings) SharedSecrets.open(AnnouncementOptions.class, options);
    }

    /**
     * The join behind a Funnel.
     *
     * @param funnel the public object
     * @param <K> the type of the job id
     * @return the internal object behind it
     */
    public static <K> JoinEngine<K, Joined<K>> joinEngine(JobFunnel<K> funnel) {
        return (JoinEngine<K, Joined<K>>) SharedSecrets.open(JobFunnel.class, funnel);
    }

    /**
     * The internal input behind a public input.
     *
     * @param input the public object
     * @param <K> the type of the job id
     * @param <A> the type of the values
     * @return the internal object behind it
     */
    public static <K, A> JoinInput<K, A> input(JobInput<K, A> input) {
        return (JoinInput<K, A>) SharedSecrets.open(JobInput.class, input);
    }
}
