//! What the kernel knows of the process, under the names that Prometheus' client libraries share.
//!
//! From `/proc`, when it is asked for. On other systems than Linux, where services are only developed, nothing is shown.

use std::fmt;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;

/// Shows the process.
#[derive(Debug)]
pub(super) struct Process;

/// Figures of one moment.
struct Seen {
    cpu_seconds: f64,
    start_time_seconds: f64,
    resident_memory_bytes: u64,
    virtual_memory_bytes: u64,
    open_fds: u64,
    /// None where there is no limit.
    max_fds: Option<u64>,
    threads: i64,
}

impl Collector for Process {
    fn encode(&self, mut encoder: DescriptorEncoder) -> fmt::Result {
        let Some(seen) = Seen::now() else {
            return Ok(());
        };
        let mut show = |name, help, metric: &dyn Shown| metric.show(&mut encoder, name, help);
        show(
            "process_cpu_seconds",
            "CPU time spent, by user and system",
            &ConstCounter::new(seen.cpu_seconds),
        )?;
        show(
            "process_start_time_seconds",
            "When it started, in seconds since 1970",
            &ConstGauge::new(seen.start_time_seconds),
        )?;
        show(
            "process_resident_memory_bytes",
            "Memory that it has in RAM",
            &ConstGauge::new(seen.resident_memory_bytes),
        )?;
        show(
            "process_virtual_memory_bytes",
            "Memory that it has mapped",
            &ConstGauge::new(seen.virtual_memory_bytes),
        )?;
        show(
            "process_open_fds",
            "File descriptors that are open",
            &ConstGauge::new(seen.open_fds),
        )?;
        if let Some(max_fds) = seen.max_fds {
            show(
                "process_max_fds",
                "File descriptors that may be open",
                &ConstGauge::new(max_fds),
            )?;
        }
        show(
            "process_threads",
            "Threads of the operating system",
            &ConstGauge::new(seen.threads),
        )
    }
}

/// A metric without labels.
trait Shown {
    fn show(&self, encoder: &mut DescriptorEncoder<'_>, name: &str, help: &str) -> fmt::Result;
}

impl<M: EncodeMetric> Shown for M {
    fn show(&self, encoder: &mut DescriptorEncoder<'_>, name: &str, help: &str) -> fmt::Result {
        self.encode(encoder.encode_descriptor(name, help, None, self.metric_type())?)
    }
}

impl Seen {
    #[cfg(target_os = "linux")]
    #[expect(
        clippy::cast_precision_loss,
        reason = "2^53 ticks are three million years"
    )]
    fn now() -> Option<Self> {
        use procfs::process::{LimitValue, Process};
        let process = Process::myself().ok()?;
        let stat = process.stat().ok()?;
        let seconds = |ticks: u64| ticks as f64 / procfs::ticks_per_second() as f64;
        let max_fds = match process.limits().ok()?.max_open_files.soft_limit {
            LimitValue::Value(limit) => Some(limit),
            LimitValue::Unlimited => None,
        };
        Some(Self {
            cpu_seconds: seconds(stat.utime + stat.stime),
            start_time_seconds: procfs::boot_time_secs().ok()? as f64 + seconds(stat.starttime),
            resident_memory_bytes: stat.rss * procfs::page_size(),
            virtual_memory_bytes: stat.vsize,
            open_fds: process.fd_count().ok()? as u64,
            max_fds,
            threads: stat.num_threads,
        })
    }

    #[cfg(not(target_os = "linux"))]
    fn now() -> Option<Self> {
        None
    }
}
