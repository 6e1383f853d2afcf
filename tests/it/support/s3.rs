//! An S3-compatible store of a story's own, over HTTP: it checks signatures, and can be stopped and started again.

use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto::Builder,
};
use jianyi::files::S3;
use s3s::{
    auth::SimpleAuth,
    service::{S3Service, S3ServiceBuilder},
};
use std::{net::SocketAddr, path::PathBuf, thread::JoinHandle};
use tokio::{net::TcpListener, sync::oneshot};

pub const BUCKET: &str = "jianyi-files";
pub const PREFIX: &str = "wuxing/papers";
const ACCESS_KEY: &str = "AKJIANYI";
pub const SECRET: &str = "a-secret-of-the-tests";

pub struct Server {
    folder: tempfile::TempDir,
    address: SocketAddr,
    running: Option<(oneshot::Sender<()>, JoinHandle<()>)>,
}

impl Server {
    pub fn start() -> Server {
        let folder = tempfile::tempdir().expect("a temporary folder");
        std::fs::create_dir(folder.path().join(BUCKET)).expect("a bucket");
        let mut server = Server { folder, address: ([127, 0, 0, 1], 0).into(), running: None };
        server.again();
        server
    }

    /// Serves, at the same address as before.
    pub fn again(&mut self) {
        assert!(self.running.is_none(), "it runs already");
        let service = {
            let files = s3s_fs::FileSystem::new(self.folder.path()).expect("a store");
            let mut builder = S3ServiceBuilder::new(files);
            builder.set_auth(SimpleAuth::from_single(ACCESS_KEY, SECRET));
            builder.build()
        };
        let (ready, address) = std::sync::mpsc::channel();
        let (stop, stopped) = oneshot::channel();
        let wanted = self.address;
        let thread = std::thread::spawn(move || {
            // With the runtime every connection ends.
            super::world::wait(async move {
                let listener = TcpListener::bind(wanted).await.expect("its port");
                ready.send(listener.local_addr().expect("its address")).expect("the story waits");
                tokio::select! {
                    () = serve(listener, service) => {}
                    _ = stopped => {}
                }
            });
        });
        self.address = address.recv().expect("the store's address");
        self.running = Some((stop, thread));
    }

    pub fn stop(&mut self) {
        let (stop, thread) = self.running.take().expect("it runs");
        drop(stop);
        thread.join().expect("the store ends");
    }

    /// How it is entered.
    pub fn place(&self) -> S3 {
        S3 {
            bucket: BUCKET.to_owned(),
            prefix: PREFIX.to_owned(),
            endpoint: Some(self.endpoint()),
            region: "cn-test-1".to_owned(),
            access_key: ACCESS_KEY.to_owned(),
            secret: SECRET.to_owned(),
            plain_http: true,
        }
    }

    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The settings of a program that uses it.
    pub fn settings(&self) -> [(&'static str, String); 5] {
        [
            ("JIANYI_FILES_URL", format!("s3://{BUCKET}/{PREFIX}")),
            ("JIANYI_S3_ENDPOINT", self.endpoint()),
            ("JIANYI_S3_REGION", "cn-test-1".to_owned()),
            ("JIANYI_S3_ACCESS_KEY", ACCESS_KEY.to_owned()),
            ("JIANYI_S3_SECRET", SECRET.to_owned()),
        ]
    }

    pub fn bucket(&self) -> PathBuf {
        self.folder.path().join(BUCKET)
    }

    /// Where the store keeps a file's bytes.
    pub fn file(&self, sha256: &str) -> PathBuf {
        self.bucket().join(PREFIX).join("sha256").join(&sha256[..2]).join(sha256)
    }
}

async fn serve(listener: TcpListener, service: S3Service) {
    loop {
        let (socket, _) = listener.accept().await.expect("a connection");
        let service = service.clone();
        tokio::spawn(async move {
            let server = Builder::new(TokioExecutor::new());
            let _ = server.serve_connection(TokioIo::new(socket), service).await;
        });
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if self.running.is_some() {
            self.stop();
        }
    }
}
