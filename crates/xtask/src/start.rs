//! `cargo xtask start`: set-up, the app, the endpoint, and then the endpoint in this process's place, so that
//! its output and Ctrl-C are its own. The endpoint prints the address and the sign-in links itself.

use std::net::{SocketAddr, TcpListener};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::app::{self, Profile};
use crate::project::Project;
use crate::run::{line, run};
use crate::setup::{self, Need};

const DEFAULT_LISTEN: &str = "127.0.0.1:8787";

pub struct Options {
    listen: SocketAddr,
    profile: Profile,
    dry_run: bool,
    /// Handed on to the endpoint as they are.
    endpoint: Vec<String>,
}

impl Options {
    /// # Errors
    /// An option that is not known, or one without its value.
    pub fn parse(args: &[String]) -> Result<Options> {
        let listen = DEFAULT_LISTEN.parse().context("the default address")?;
        let mut options = Options { listen, profile: Profile::App, dry_run: false, endpoint: Vec::new() };
        let mut args = args.iter();
        while let Some(arg) = args.next() {
            match arg.as_str() {
                "--dev" => options.profile = Profile::Dev,
                "--dry-run" => options.dry_run = true,
                "--listen" => {
                    let value = args.next().context("--listen needs an address, as in 127.0.0.1:8787")?;
                    options.listen = value
                        .parse()
                        .with_context(|| format!("--listen {value}: not an address with a port, as 127.0.0.1:8787"))?;
                }
                "--port" => {
                    let value = args.next().context("--port needs a number")?;
                    let port: u16 = value.parse().with_context(|| format!("--port {value}: not a port number"))?;
                    options.listen.set_port(port);
                }
                "--" => options.endpoint = args.by_ref().cloned().collect(),
                other => bail!("start does not know {other:?}; see `cargo xtask start --help`"),
            }
        }
        Ok(options)
    }
}

/// Returns only on an error: otherwise the endpoint takes this process's place.
///
/// # Errors
/// A failed installation or build, or an address that can't be listened on.
pub fn start(options: &Options) -> Result<()> {
    let project = Project::find()?;
    let mut serve = serve_command(&project, options);
    if options.dry_run {
        setup::print_plan(&project, Need::Build)?;
        println!("would run {}", line(&serve));
        return Ok(());
    }
    // Before the long steps: nobody should wait for minutes to hear it.
    check_free(options.listen)?;
    let (tools, _) = setup::prepare(&project, Need::Build)?;
    println!("Building the app (the first time about 5 minutes on two free cores)…");
    app::build(&project, &tools, options.profile)?;
    println!("Building the endpoint (the first time about 4 minutes on two free cores)…");
    run(Command::new("cargo").args(["build", "--locked", "-p", "endpoint"]).current_dir(&project.root))?;
    let data = project.root.join(".countersign");
    std::fs::create_dir_all(&data).with_context(|| format!("{} can't be made", data.display()))?;
    replace_with(&mut serve)
}

fn serve_command(project: &Project, options: &Options) -> Command {
    let mut serve = Command::new(endpoint_binary(project));
    serve.args(["serve", "--listen", &options.listen.to_string()]);
    serve.args(["--database", "sqlite://.countersign/countersign.db", "--app", "dist"]);
    serve.args(["--credentials", ".countersign/credentials", "--demo"]);
    serve.args(&options.endpoint).current_dir(&project.root);
    if std::env::var_os("RUST_LOG").is_none() {
        // So that the sign-in links stay the last thing on the screen.
        serve.env("RUST_LOG", "warn");
    }
    serve
}

/// Where cargo puts the endpoint in the development profile.
pub fn endpoint_binary(project: &Project) -> std::path::PathBuf {
    project.target.join("debug").join(format!("countersign-endpoint{}", std::env::consts::EXE_SUFFIX))
}

fn check_free(listen: SocketAddr) -> Result<()> {
    if let Err(error) = TcpListener::bind(listen) {
        if error.kind() == std::io::ErrorKind::AddrInUse {
            bail!(
                "something already listens on {listen}: end that first, or take another port with \
                 `cargo xtask start --port {}`",
                listen.port().wrapping_add(1).max(1024)
            );
        }
        return Err(error).with_context(|| format!("can't listen on {listen}"));
    }
    Ok(())
}

#[cfg(unix)]
fn replace_with(command: &mut Command) -> Result<()> {
    use std::os::unix::process::CommandExt;
    let error = command.exec();
    Err(error).with_context(|| format!("`{}` could not be started", line(command)))
}

#[cfg(not(unix))]
fn replace_with(command: &mut Command) -> Result<()> {
    run(command)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Options> {
        Options::parse(&line.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn options_are_read() {
        let options = parse("--port 9000 --dev -- --policy my.cedar --dev").expect("valid");
        assert_eq!(options.listen, "127.0.0.1:9000".parse().expect("an address"));
        assert!(options.profile == Profile::Dev && !options.dry_run);
        assert_eq!(options.endpoint, ["--policy", "my.cedar", "--dev"]);
        assert_eq!(parse("--listen [::1]:80").expect("valid").listen, "[::1]:80".parse().expect("an address"));
        assert_eq!(parse("").expect("valid").listen, DEFAULT_LISTEN.parse().expect("an address"));
        for bad in ["--listen", "--listen here", "--port 70000", "--port", "serve"] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_busy_port_is_said_with_the_way_out() {
        let holder = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = holder.local_addr().expect("its address");
        let error = check_free(address).expect_err("busy").to_string();
        assert!(error.contains(&address.to_string()) && error.contains("--port"), "{error}");
        drop(holder);
        assert!(check_free(address).is_ok());
    }
}
